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
    private final ShownNames shown = new ShownNames();

    /**
     * The names of a file.
     *
     * @param shown in subjects of articles and yEnc headers
     * @param listed in the manifest's subject
     */
    record Names(String shown, String listed) {}

    Naming(PostRequest request, PostSeed seed) {
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
        return new Names(obfuscated ? seed.name("file", number) : clear, clear);
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
        return new Names(obfuscated ? seed.name("volume", number) : fileName, fileName);
    }
}
