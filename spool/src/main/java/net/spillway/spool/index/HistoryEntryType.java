package net.spillway.spool.index;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How MVStore writes what is known of a message-ID: 8 octets location, 4 minutes since 1970. */
final class HistoryEntryType extends BasicDataType<HistoryEntry> {
    static final HistoryEntryType INSTANCE = new HistoryEntryType();
    private static final int MEMORY = 32;
    private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);

    private HistoryEntryType() {}

    @Override
    public int getMemory(HistoryEntry entry) {
        return MEMORY;
    }

    /** Rounds up: better known for a minute too long. */
    @Override
    public void write(WriteBuffer out, HistoryEntry entry) {
        out.putLong(entry.location()).putInt((int) Math.ceilDiv(entry.time(), MINUTE));
    }

    @Override
    public HistoryEntry read(ByteBuffer in) {
        return new HistoryEntry(in.getLong(), in.getInt() * MINUTE);
    }

    @Override
    public HistoryEntry[] createStorage(int size) {
        return new HistoryEntry[size];
    }
}
