package net.spillway.protocol.reconcile;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The hashes of a list, in its order.
 *
 * @param hashes each once
 */
record Listed(Set<Hash> hashes) {
    /** A hash of a message-ID. */
    record Hash(long high, long low) {
        static Hash of(ArticleSet set, int index) {
            return new Hash(set.high(index), set.low(index));
        }
    }

    /** Reads a count and so many hashes. */
    static Listed read(ByteBuffer in) throws ReconcileException {
        int count = RangeFrame.readCount(in, RangeFrame.MAX_OCTETS / RangeFrame.HASH_OCTETS);
        Set<Hash> hashes = LinkedHashSet.newLinkedHashSet(count);
        for (int i = 0; i < count; i++) {
            if (!hashes.add(new Hash(in.getLong(), in.getLong()))) {
                throw new ReconcileException("an article is listed twice");
            }
        }
        return new Listed(hashes);
    }
}
