package net.spillway.conf;

import java.time.Duration;
import java.util.Locale;

/** When an article that was acknowledged is on the disk. */
public sealed interface FsyncMode {
    /** The default: see {@link Group}. */
    FsyncMode GROUP = new Group();
    /** See {@link Off}. */
    FsyncMode OFF = new Off();

    /** Before it is acknowledged; articles that wait at the same moment share one fsync. */
    record Group() implements FsyncMode {
        @Override
        public String toString() {
            return "group";
        }
    }

    /**
     * Soon after: a crash of the machine (not of the program) can lose what was acknowledged
     * within the interval.
     *
     * @param every more than zero
     */
    record Interval(Duration every) implements FsyncMode {
        /** Refuses an interval of nothing. */
        public Interval {
            if (every.isZero() || every.isNegative()) {
                throw new IllegalArgumentException("the interval must be longer than nothing");
            }
        }

        @Override
        public String toString() {
            return "interval " + Durations.format(every);
        }
    }

    /** When the operating system sees fit: a crash of the machine can lose minutes. */
    record Off() implements FsyncMode {
        @Override
        public String toString() {
            return "off";
        }
    }

    /**
     * Reads {@code group}, {@code interval 1s} or {@code off}.
     *
     * @throws IllegalArgumentException with a message that says what is wrong
     */
    static FsyncMode parse(String text) {
        String mode = text.strip().toLowerCase(Locale.ROOT);
        if (mode.equals("group")) {
            return GROUP;
        }
        if (mode.equals("off")) {
            return OFF;
        }
        if (mode.startsWith("interval ")) {
            return new Interval(Durations.parse(mode.substring("interval ".length())));
        }
        throw new IllegalArgumentException("\"" + text
                + "\" is not a way to fsync; write group, interval 1s (or another time) or off");
    }
}
