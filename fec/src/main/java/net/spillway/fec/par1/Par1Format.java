package net.spillway.fec.par1;

/**
 * The layout of a volume; numbers are little-endian.
 *
 * <pre>
 *  0  magic "PAR\0\0\0\0\0"
 *  8  version of the format, 4 bytes: 0x00010000
 * 12  the program that made it, 4 bytes
 * 16  MD5 of everything from offset 32 to the end
 * 32  set hash: MD5 of the MD5s of all files that parity was made for
 * 48  number of the volume; 0 for the index
 * 56  number of files
 * 64  where the list of files starts, 72 its bytes
 * 80  where the data start, 88 their bytes
 *
 * an entry of the list:
 *  0  bytes of the entry
 *  8  status; bit 0: parity was made for the file
 * 16  bytes of the file
 * 24  its MD5
 * 40  MD5 of its first 16 KiB
 * 56  its name in UTF-16
 * </pre>
 *
 * <p>The data of volume v are the sums of file i × i^(v-1) over GF(2^8) with the polynomial 0x11D,
 * the files counted from 1 and padded with zeros to the longest; those of the index are a comment.
 */
final class Par1Format {
    static final byte[] MAGIC = {'P', 'A', 'R', 0, 0, 0, 0, 0};
    static final int VERSION = 0x00010000;

    /** No program of the old ones has this number; nobody acts on it. */
    static final int PROGRAM = 0xfe000000;

    static final int HEADER = 96;

    /** Offset where the part covered by the volume's MD5 begins. */
    static final int HASHED_FROM = 32;

    /** Bytes of an entry before the name. */
    static final int ENTRY = 56;

    /** Parity was made for the file. */
    static final long SAVED = 1;

    /** Files are numbered by the elements of GF(2^8) but 0; volumes repeat after as many. */
    static final int MAX_NUMBER = 255;

    /** The most that is read of a list; par2cmdline stops at 200,000 bytes. */
    static final int MAX_LIST = 1 << 20;

    /** Entries with and without parity. */
    static final int MAX_FILES = 4096;

    private Par1Format() {}
}
