package net.spillway.protocol;

import java.util.OptionalLong;

/**
 * What a yEnc 1.3 part says of itself and of its file.
 *
 * @param name     file name, all blanks kept; without NUL, CR and LF
 * @param fileSize octets of the whole file
 * @param part     number of this part, from 1
 * @param total    number of parts; 0 if not said
 * @param begin    where this part starts in the file, from 0 (on the wire it is counted from 1)
 * @param fileCrc  CRC-32 of the whole file, 0 to 0xffffffff, if known
 */
public record YencPart(String name, long fileSize, int part, int total, long begin,
        OptionalLong fileCrc) {
    public YencPart {
        if (Text.breaksLine(name)) {
            throw new IllegalArgumentException("the file name holds NUL, CR or LF");
        }
        if (fileSize < 0 || part < 1 || total < 0 || begin < 0) {
            throw new IllegalArgumentException("impossible yEnc part: size=" + fileSize
                    + " part=" + part + " total=" + total + " begin=" + begin);
        }
        if (fileCrc.isPresent() && fileCrc.getAsLong() >>> 32 != 0) {
            throw new IllegalArgumentException("a CRC-32 has 32 bits");
        }
    }

    /** A part of a file whose CRC is not known yet. */
    public YencPart(String name, long fileSize, int part, int total, long begin) {
        this(name, fileSize, part, total, begin, OptionalLong.empty());
    }

    /** The same part with the CRC-32 of its file. */
    public YencPart withFileCrc(long crc32) {
        return new YencPart(name, fileSize, part, total, begin, OptionalLong.of(crc32));
    }
}
