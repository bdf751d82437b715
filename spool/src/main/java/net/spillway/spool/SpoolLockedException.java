package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another part of this one, has the spool open. */
public class SpoolLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String inUse;

    SpoolLockedException(Path dir, String holder) {
        this("the spool in " + dir + " is in use by " + holder);
    }

    private SpoolLockedException(String inUse) {
        super(inUse + "; stop that relay first, or give this one another folder");
        this.inUse = inUse;
    }

    /** Which spool it is and who has it, without what a relay should do then. */
    public String inUse() {
        return inUse;
    }
}
