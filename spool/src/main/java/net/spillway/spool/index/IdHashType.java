package net.spillway.spool.index;

import java.nio.ByteBuffer;
import net.spillway.spool.segment.IdHash;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How MVStore writes a hash: its 16 octets. */
final class IdHashType extends BasicDataType<IdHash> {
    static final IdHashType INSTANCE = new IdHashType();
    private static final int MEMORY = 32;

    private IdHashType() {}

    @Override
    public int getMemory(IdHash hash) {
        return MEMORY;
    }

    @Override
    public void write(WriteBuffer out, IdHash hash) {
        out.putLong(hash.high()).putLong(hash.low());
    }

    @Override
    public IdHash read(ByteBuffer in) {
        return new IdHash(in.getLong(), in.getLong());
    }

    @Override
    public IdHash[] createStorage(int size) {
        return new IdHash[size];
    }

    @Override
    public int compare(IdHash a, IdHash b) {
        return a.compareTo(b);
    }
}
