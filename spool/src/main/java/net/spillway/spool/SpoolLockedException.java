package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another part of this one, has the spool open. */
public class SpoolLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolLockedException(Path dir, String holder) {
        super("the spool in " + dir + " is in use by " + holder
                + "; stop that relay first, or give this one another folder");
    }
}
