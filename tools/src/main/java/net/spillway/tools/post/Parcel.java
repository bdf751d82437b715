package net.spillway.tools.post;

import net.spillway.protocol.MessageId;

/** An article in wire form, on its way from one server to the next until one has taken it. */
final class Parcel {
    final int number;
    final MessageId id;
    final String subject;
    /** Octets of the file in it. */
    final int payload;
    /** CRC-32 of these. */
    final int crc32;
    final byte[] wire;
    final int length;
    /** A server may have it already. */
    boolean uncertain;
    /** How often it was refused by 441 or the like. */
    int refusals;
    /** How often it was tried. */
    int tries;
    /** Octets of the file of which progress has been told. */
    int told;

    Parcel(Outgoing article, int crc32, byte[] wire, int length, boolean uncertain) {
        this.number = article.number();
        this.id = article.id();
        this.subject = article.subject();
        this.payload = article.length();
        this.crc32 = crc32;
        this.wire = wire;
        this.length = length;
        this.uncertain = uncertain;
    }
}
