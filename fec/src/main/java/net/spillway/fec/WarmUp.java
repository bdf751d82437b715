package net.spillway.fec;

import net.spillway.fec.engine.Engines;

/**
 * Whether to take a way that is faster once it has been compiled, but slow the first time. It is
 * taken as soon as it would save as much as compiling costs, all that it would have saved so far
 * counted in: so a process loses at most that much, however much or little there is to do.
 */
final class WarmUp {
    /** What warming up costs, as a part of the usual, if the JVM compiles kernels at once. */
    private static final double EAGER = 0.35;

    private double left;

    /** For something that takes {@code seconds} to get up to speed, once in a process. */
    WarmUp(double seconds) {
        left = Engines.compilesEarly() ? EAGER * seconds : seconds;
    }

    /** True if the faster way is to be taken for work of which it would save that many seconds. */
    boolean pays(double saved) {
        return pays(saved, 0);
    }

    /** The same, if it is going to save {@code later} seconds more afterwards. */
    synchronized boolean pays(double saved, double later) {
        if (saved <= 0) {
            return false;
        }
        if (saved + later > left || Engines.compilesAnyhow()) {
            left = 0;
            return true;
        }
        left -= saved;
        return false;
    }
}
