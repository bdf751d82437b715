package net.spillway.spool.segment;

/**
 * The bytes of a segment file {@code segments/NNNNNNNN.seg}. All numbers are big-endian.
 *
 * <p>A segment is a header, then records, the last of them a footer once the segment is sealed.
 *
 * <pre>
 * header                              record
 *  0  8  magic "SPILLSEG"              0  4  magic "SPLR"
 *  8  4  format version, 2             4  1  type, see below
 * 12  4  segment number, from 1        5  3  zero
 * 16  8  first sequence that may       8  4  M, octets of meta
 *        stand in it                  12  4  B, octets of body
 * 24  8  made at, epoch millis        16  8  sequence of this article, or of the last before
 * 32 16  the spool's UUID             24  8  time, epoch millis; of an article its arrival
 * 48  8  salt, random                 32  8  forced: all octets of this file before this offset
 * 56  4  zero                                were known to be on the disk when this was written
 * 60  4  CRC32C of 0..59              40  4  CRC32C of the body
 *                                     44  4  CRC32C of the salt, 0..43 and the meta
 *                                     48  M  meta
 *                                   48+M  B  body
 *
 * type         meta (string = 2 octets length, UTF-8)                       body
 * 1 article    string message-ID, string source, 8 posted (min: unknown),   the article as it goes
 *              4 octets of head lines, 4 body lines, 8 :bytes,              over the wire, with
 *              2 groups, each: string name, 8 number                        Xref and ".CRLF"
 * 2 group      string name, 2 status, string description, 8 created,        none
 *              8 highest number ever given
 * 3 tombstone  16 hash of the message-ID, 8 sequence of the removed         none
 * 4 remembered 4 n, n times: 16 hash of a message-ID, 8 time it was known   none
 * 5 feed       string name, 8 cursor, 4 n, n times 8 deferred sequence      none
 * 6 dropped    4 number of a segment that expiry dropped                    none
 * 7 footer     8 first and 8 last sequence, 8 articles,                     contents, "SPILLEND",
 *              8 earliest and 8 latest arrival                              8 offset of this record
 * 8 begun      4 number of a segment that is begun in another storage       none
 *              class, string its name
 * 9 ceiling    string group or "", 8 number (or sequence), see below        none
 * </pre>
 *
 * <p>A tombstone of time 0 takes out an article that is damaged: its message-ID is not remembered,
 * so that the article is taken again from whoever has it.
 *
 * <p>Right after the header stands a checkpoint: one group record for each group and one feed
 * record for each feed, as they are then. With it every older segment can be dropped; what expiry
 * must keep of a dropped segment besides (its message-IDs, while they are to be remembered, and
 * tombstones of articles in segments that stay) is written again to the open segment before.
 *
 * <p>The contents in a footer say what is needed of a segment when it is dropped: 8 number of
 * articles, for each 16 hash of its message-ID and 8 arrival, 8 number of tombstone and remembered
 * records, for each 8 its offset. They are left out if they were not gathered: in a segment that
 * was open over a restart, or with very many articles; then the records are read.
 *
 * <p><b>Storage classes.</b> The log is all folders' segments together, in the order of their
 * sequences; notes stand in the default class's segments alone, behind the article whose sequence
 * they carry. Another class may be missing when the spool is opened, with articles that the index
 * has never seen. Their numbers must not be given again: so before an article of another class gets
 * a number or a sequence, a ceiling record says, in the default class, how high they may get.
 * Checkpoints repeat the last begun and ceiling records.
 *
 * <p><b>The salt</b> keeps the body of an article from passing for a record when a scan looks for
 * the next good one behind damage: nobody outside can compute the CRC of a head.
 *
 * <p><b>Forced</b> tells a torn tail from damage. After a power cut, what was written after the
 * last fsync may be there, missing or mixed, and nobody was told it was stored: the file is cut
 * where the first bad record begins. But if any good record behind the bad one says that this place
 * was on the disk already, then acknowledged octets were lost, and that is damage: it is reported
 * with file and offset, and everything else stays.
 *
 * <p>Zeros may follow the last record of a segment that is open, or was when the relay was killed:
 * they were written ahead (see {@link SegmentAppender}), and are a torn tail like any other.
 *
 * <p>A change that readers of this version would get wrong raises the version; a file of a higher
 * version is refused by name, as are files that are not segments.
 */
public final class SegmentFormat {
    public static final int VERSION = 2;
    public static final int HEADER_OCTETS = 64;
    public static final int RECORD_HEAD_OCTETS = 48;
    /** "SPILLSEG" */
    static final long HEADER_MAGIC = 0x5350494C4C534547L;
    /** "SPLR" */
    static final int RECORD_MAGIC = 0x53504C52;
    /** "SPILLEND" */
    static final long END_MAGIC = 0x5350494C4C454E44L;
    static final int TRAILER_OCTETS = 16;
    /** Read from disk: allocated only below this. Remembered and feed records come close. */
    static final int MAX_META = 4 << 20;
    /** More would not fit in the lengths the interface speaks in, with room for the head. */
    public static final int MAX_BODY = 1 << 30;
    /** A remembered record holds at most this many message-IDs. */
    public static final int MAX_REMEMBERED = 65_536;
    /** Offsets fit in this many bits of a {@link Location}. */
    public static final int OFFSET_BITS = 40;

    private SegmentFormat() {}
}
