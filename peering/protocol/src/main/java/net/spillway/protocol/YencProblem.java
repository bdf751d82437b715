package net.spillway.protocol;

/**
 * Something that is not right with a yEnc body.
 *
 * @param kind   what
 * @param detail the values that tell so, for people
 */
public record YencProblem(Kind kind, String detail) {
    /** What can be wrong, by what it says of the data. */
    public enum Kind {
        /** There is no {@code =ybegin} line, so there is no data. */
        NO_BEGIN,
        /** {@code =ybegin} or {@code =ypart} lacks a field or has an impossible one. */
        BAD_HEADER,
        /** {@code =yend} is missing: the data may be cut short. */
        NO_END,
        /** {@code =yend} has an impossible field. */
        BAD_END,
        /** There are more or fewer octets than {@code =ypart} or {@code =yend} says. */
        SIZE_MISMATCH,
        /** The CRC-32 of the data is not the one {@code =yend} gives. */
        CRC_MISMATCH,
        /** Nothing gives a CRC-32 of this part: the data may be right, nobody knows. */
        NO_CRC,
        /** {@code =ybegin} and {@code =yend} name different parts. */
        PART_MISMATCH,
        /** An escape stands at the end of a line, without its octet. */
        CUT_ESCAPE
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
