package net.spillway.fec;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Open files for threads that work in small pieces: whoever needs some takes what another left open,
 * since opening a file takes as long as reading 32 KiB of it.
 */
final class FilePool implements AutoCloseable {
    private final Queue<OpenFiles> atRest = new ConcurrentLinkedQueue<>();
    private final OpenOption[] options;

    /** Of files that will be opened with these options. */
    FilePool(OpenOption... options) {
        this.options = options.clone();
    }

    /** Files for one thread, some of which may be open; to be given back. */
    OpenFiles take() {
        OpenFiles idle = atRest.poll();
        return idle == null ? new OpenFiles(options) : idle;
    }

    void giveBack(OpenFiles files) {
        atRest.add(files);
    }

    /** Closes all files that were given back; others may be taken afterwards. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (OpenFiles files = atRest.poll(); files != null; files = atRest.poll()) {
            try {
                files.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
