package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.segment.LogRecord;

/** What the rest of the spool does for the log. Called on the log's thread, but for told. */
interface Publisher {
    /**
     * Makes visible what the system has.
     *
     * @param forced whether all of the log up to there is on the disk
     */
    void publish(List<Written> entries, boolean forced);

    /** Whether something waits for all of the log to be on the disk. */
    boolean mustForce();

    /** Feed positions that changed since this was last asked. */
    List<LogRecord> changedFeeds();

    /** @throws IOException if no articles of that many octets may be written now */
    void requireRoom(long octets) throws IOException;

    /** @throws NoSpaceException if so many octets do not fit there */
    void requireSpace(Path where, long octets) throws IOException;

    /** A store is over, well or not; its sender is told next. On the telling thread. */
    void settled(Work.Store work);

    /** All senders of a group were told. On the telling thread. */
    void told();
}
