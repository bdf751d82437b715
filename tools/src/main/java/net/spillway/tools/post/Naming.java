package net.spillway.tools.post;

import net.spillway.protocol.MessageId;

/**
 * What articles are called and who they are from. Obfuscated, neither subjects nor yEnc headers nor
 * the PAR2 set tell the files' names, nor From the poster: only the manifest does.
 */
final class Naming {
    private final PostSeed seed;
    private final boolean obfuscated;
    private final String domain;
    private final String from;
    private final int files;
    private final ShownNames shown = new ShownNames();
    private int named;

    /**
     * The names of a file.
     *
     * @param shown in yEnc headers
     * @param subject how the subjects of its articles begin
     * @param listed how its subject in the manifest begins
     */
    record Names(String shown, String subject, String listed) {}

    /** @param files how many will be named, so that subjects can tell what belongs together */
    Naming(PostRequest request, PostSeed seed, int files) {
        this.files = files;
        this.seed = seed;
        this.obfuscated = request.obfuscated();
        this.domain = obfuscated
                ? seed.name("domain", 0).substring(0, 10) + "." + RequestCheck.NOBODY
                : RequestCheck.domainOf(request.from());
        this.from = obfuscated ? seed.name("user", 0).substring(0, 8) + "@" + domain
                : request.from();
    }

    String from() {
        return from;
    }

    MessageId messageId(int article) {
        return seed.messageId(article, domain);
    }

    /** Names for the next data file; {@code number} counts them. */
    Names ofData(int number, String path) {
        String clear = shown.of(path);
        return names(obfuscated ? seed.name("file", number) : clear, clear);
    }

    /** The name of a data file in the PAR2 set. */
    String inSet(Names names, String path) {
        return obfuscated ? names.shown() : path;
    }

    /** The stem of the names of parity files in articles. */
    String parityStem(String title) {
        return obfuscated ? seed.name("parity", 0) : ShownNames.clean(title);
    }

    /** Names for a parity file; other programs need to see in the manifest what it is. */
    Names ofParity(int number, String fileName) {
        return names(obfuscated ? seed.name("volume", number) : fileName, fileName);
    }

    /** Newsreaders put together by {@code [2/7]}; obfuscated, nothing is to tell what belongs. */
    private Names names(String shown, String clear) {
        named++;
        String listed = "[" + named + "/" + files + "] - \"" + clear + "\"";
        return new Names(shown, obfuscated ? "\"" + shown + "\"" : listed, listed);
    }
}
