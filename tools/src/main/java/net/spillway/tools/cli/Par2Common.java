package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.VolumeNames;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import picocli.CommandLine.Option;

/** Mixin: what creating, verifying and repairing have in common. */
final class Par2Common {
    @Option(names = {"-B", "--base"}, paramLabel = "DIR", description =
            "The folder that names in the set are relative to (the .par2 file's).")
    private Path base;

    Path base(Path par2) {
        if (base == null) {
            return par2.toAbsolutePath().getParent();
        }
        if (!Files.isDirectory(base)) {
            throw new CommandFailure(ExitCode.USAGE, "-B " + base + ": there is no such folder");
        }
        return base;
    }

    static boolean isPar2(Path file) {
        return file.getFileName() != null
                && file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".par2");
    }

    /**
     * Opens the set that a file belongs to, with the volumes beside it and those named besides, as
     * in {@code par2 repair *.par2}.
     */
    static Par2Archive open(Path par2, List<Path> more) throws IOException {
        if (!Files.isRegularFile(par2)) {
            throw new CommandFailure(ExitCode.USAGE, par2 + (Files.isDirectory(par2)
                    ? ": this is a folder; name a .par2 file in it" : ": there is no such file"));
        }
        List<Path> named = more.stream().filter(Par2Common::isPar2).toList();
        if (named.isEmpty()) {
            return Par2Archive.open(par2);
        }
        Set<Path> files = new LinkedHashSet<>();
        files.add(par2.toRealPath());
        files.addAll(beside(par2.toRealPath()));
        for (Path file : named) {
            files.add(file.toRealPath());
        }
        return Par2Archive.open(files);
    }

    private static List<Path> beside(Path par2) throws IOException {
        String stem = VolumeNames.stem(par2.getFileName().toString());
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(par2.getParent(),
                entry -> isPar2(entry) && Files.isRegularFile(entry)
                        && VolumeNames.stem(entry.getFileName().toString()).equals(stem))) {
            folder.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    /** How such a failure ends the command. */
    static CommandFailure failure(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new CommandFailure(ExitCode.USAGE, Explanation.of(e), e);
        }
        if (!(e instanceof Par2Exception parity)) {
            return new CommandFailure(ExitCode.FAILED, Explanation.of(e), e);
        }
        ExitCode code = switch (parity.kind()) {
            case NOT_PAR2, IMPOSSIBLE, CONTRADICTION, UNSAFE_NAME, BAD_REQUEST -> ExitCode.USAGE;
            case INCOMPLETE, NOT_RECOVERABLE -> ExitCode.NOT_RECOVERABLE;
            case EXISTS, HASH_MISMATCH -> ExitCode.FAILED;
            case CHANGED -> ExitCode.TEMPORARY;
        };
        return new CommandFailure(code, parity.getMessage(), e);
    }
}
