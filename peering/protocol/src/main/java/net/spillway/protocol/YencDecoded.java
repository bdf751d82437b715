package net.spillway.protocol;

import java.util.List;

/**
 * A decoded yEnc body. Whatever was wrong is listed, and the data is there all the same: parity
 * can use what is left of a damaged part.
 *
 * @param part     what the headers say; where they say nothing: empty name, size 0, part 1,
 *                 total 0, begin 0. Total, size and name may be decoys
 * @param data     the decoded octets, all that there are
 * @param crc32    CRC-32 of the data, 0 to 0xffffffff
 * @param crcVerified whether the body gave a CRC-32 of this data and it is the right one
 * @param problems everything that is not right, in the order it was found
 */
public record YencDecoded(YencPart part, byte[] data, long crc32, boolean crcVerified,
        List<YencProblem> problems) {
    public YencDecoded {
        problems = List.copyOf(problems);
    }

    /** No problem but, perhaps, that there was no CRC to compare with. */
    public boolean isIntact() {
        return problems.stream().allMatch(p -> p.kind() == YencProblem.Kind.NO_CRC);
    }

    public boolean has(YencProblem.Kind kind) {
        return problems.stream().anyMatch(p -> p.kind() == kind);
    }
}
