package net.spillway.spool.segment;

import java.nio.ByteBuffer;
import net.spillway.protocol.MessageId;

/** The 16-octet hash of a message-ID, in two halves; ordered as unsigned octets are. */
public record IdHash(long high, long low) implements Comparable<IdHash> {
    public static IdHash of(MessageId id) {
        ByteBuffer bytes = ByteBuffer.wrap(id.hash());
        return new IdHash(bytes.getLong(), bytes.getLong());
    }

    @Override
    public int compareTo(IdHash other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high); // SHA-256 has mixed it already.
    }
}
