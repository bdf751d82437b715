package net.spillway.tools.post;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.spillway.protocol.MessageId;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.RelativeName;

/** Refuses what would otherwise go wrong in the middle, before anything is posted. */
final class RequestCheck {
    static final String NOBODY = "spillway.invalid";
    private static final Pattern DOMAIN = Pattern.compile(
            "@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,198}[A-Za-z0-9])?)>?\\s*(?:\\(.*\\))?$");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9+_-]+(\\.[A-Za-z0-9+_-]+)*");

    private RequestCheck() {}

    static void check(PostRequest request) {
        require(!request.inputs().isEmpty() || request.piped().isPresent(),
                "Say which files to post.");
        require(!request.to().isEmpty(), "Say which server to post to.");
        require(!request.groups().isEmpty(), "Say which newsgroup to post to.");
        for (String group : request.groups()) {
            require(GROUP.matcher(group).matches(), "\"" + group + "\" is no newsgroup name.");
        }
        require(request.redundancy() >= 0 && request.redundancy() <= 10,
                "Redundancy is 0 % to 1000 %.");
        require(request.partSize() >= PostRequest.MIN_PART_SIZE
                        && request.partSize() <= PostRequest.MAX_PART_SIZE,
                "The part size is 1K to 4M.");
        require(request.connections() >= 1 && request.connections() <= PostRequest.MAX_CONNECTIONS,
                "Connections are 1 to " + PostRequest.MAX_CONNECTIONS + ".");
        require(request.parityMemory() > 0, "Parity needs some memory.");
        require(request.rate().orElse(1) > 0, "The rate is at least 1 octet a second.");
        request.piped().ifPresent(piped -> requireName(piped.name()));
        request.confirm().ifPresent(confirm -> require(
                confirm.copies() >= 1 && confirm.copies() <= confirm.mirrors().size(),
                confirm.copies() + " mirrors are to have everything, but "
                        + confirm.mirrors().size() + (confirm.mirrors().size() == 1 ? " is" : " are")
                        + " named."));
        String from = request.from();
        require(from.indexOf('@') > 0 && from.chars().noneMatch(c -> c < 0x20 || c == 0x7f),
                "\"" + from.replaceAll("\\p{Cntrl}", "?") + "\" is no address for the From header;"
                        + " it looks like ann@example.org or Ann <ann@example.org>.");
    }

    private static void requireName(String name) {
        RelativeName.problem(name).ifPresent(problem -> {
            throw new CommandFailure(ExitCode.USAGE, "The name \"" + RelativeName.shown(name)
                    + "\" " + problem + ".");
        });
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new CommandFailure(ExitCode.USAGE, otherwise);
        }
    }

    /** Fails unless the manifest can be written to its place, and nothing is there yet. */
    static void requireFree(Path nzb) {
        Path folder = nzb.toAbsolutePath().getParent();
        if (Files.exists(nzb, LinkOption.NOFOLLOW_LINKS)) {
            throw new CommandFailure(ExitCode.FAILED, nzb + " exists already and is not replaced."
                    + " Remove it, or name another with --nzb. Nothing was posted.");
        }
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new CommandFailure(ExitCode.FAILED, nzb + " cannot be written: " + folder
                    + " is no folder one may write to. Nothing was posted.");
        }
    }

    /** What stands behind the {@code @} of our message-IDs: the poster's domain if it is one. */
    static String domainOf(String from) {
        Matcher m = DOMAIN.matcher(from.strip());
        boolean usable = m.find() && MessageId.parse("<x@" + m.group(1) + ">")
                .filter(MessageId::isWellFormed).isPresent();
        return usable ? m.group(1) : NOBODY;
    }
}
