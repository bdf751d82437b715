package net.spillway.fec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;

/**
 * MD5s of many messages, each of which comes in pieces from its beginning on. Pieces of several
 * messages are added at a time, in vector lanes if there are any: about a sixth of the work.
 * Several threads may add to different messages at once, each with a {@link Worker} of its own.
 */
final class ManyMd5s {
    /** Seconds that lanes save for a byte, compared with one MD5 after the other. */
    private static final double SAVED = 1.3 / (1 << 30);

    /** Fewer messages are as fast one by one. */
    static final int LEAST = 4;

    /** Messages that go one by one are handed over so many at a time. */
    private static final int ONE_BY_ONE = 16;

    /** Until MD5 in lanes is compiled. */
    private static final WarmUp WARM_UP = new WarmUp(0.5);

    private final Optional<SliceEngine> engine;

    /** Of messages in lanes: their states, four numbers each, and their lengths so far. */
    private final int[] states;
    private final long[] lengths;

    /** Of messages one by one. */
    private final MessageDigest[] single;

    private final Hash16[] found;
    private final int atATime;
    private final Queue<Worker> atRest = new ConcurrentLinkedQueue<>();

    /**
     * @param lanes whether to use lanes, if the engine has some
     * @param messages how many there are
     */
    ManyMd5s(SliceEngine engine, boolean lanes, int messages) {
        this.engine = lanes ? Optional.of(engine) : Optional.empty();
        states = new int[lanes ? messages * Md5Lanes.STATE : 0];
        lengths = new long[lanes ? messages : 0];
        single = new MessageDigest[lanes ? 0 : messages];
        found = new Hash16[messages];
        atATime = lanes ? engine.md5Lanes().orElseThrow().lanes() : ONE_BY_ONE;
        for (int i = 0; i < lengths.length; i++) {
            Md5Lanes.start(states, i * Md5Lanes.STATE);
        }
    }

    /**
     * Whether lanes are there and pay.
     *
     * @param messages how many there are, {@code bytes} together: lanes that stay empty cost as
     *     much as full ones
     * @param warm true to take lanes for compiled already
     */
    static boolean lanesPay(SliceEngine engine, int messages, long bytes, boolean warm) {
        return lanesPay(engine, messages, bytes, 0, warm);
    }

    /** The same; {@code later} bytes are expected to be hashed afterwards. */
    static boolean lanesPay(
            SliceEngine engine, int messages, long bytes, long later, boolean warm) {
        return engine.hasMd5Lanes()
                && messages >= LEAST
                && (warm || WARM_UP.pays(SAVED * bytes, SAVED * later));
    }

    /** The MD5 of message {@code i}, which has been finished. */
    Hash16 get(int i) {
        return found[i];
    }

    /** Makes message {@code to} begin like message {@code from} does so far; in lanes only. */
    void copy(int from, int to) {
        System.arraycopy(
                states, from * Md5Lanes.STATE, states, to * Md5Lanes.STATE, Md5Lanes.STATE);
        lengths[to] = lengths[from];
    }

    /** How many messages a worker takes at a time. */
    int atATime() {
        return atATime;
    }

    /** A worker for a thread, to be closed when the thread needs it no more. */
    Worker worker() {
        Worker idle = atRest.poll();
        return idle == null ? new Worker() : idle;
    }

    /** Adds pieces to messages, for one thread. */
    final class Worker implements AutoCloseable {
        private final Optional<Md5Lanes> lanes;
        private final int[] now;
        private final long[] places;
        private final MemorySegment tails;

        private Worker() {
            lanes = engine.flatMap(SliceEngine::md5Lanes);
            lanes.ifPresent(Md5Lanes::prepare);
            int n = lanes.map(Md5Lanes::lanes).orElse(0);
            now = new int[n * Md5Lanes.STATE];
            places = new long[n];
            tails = Arena.ofAuto().allocate(2L * Md5Lanes.BLOCK * Math.max(1, n), 64);
        }

        /**
         * Adds the next piece to each of the first {@code n} of some messages.
         *
         * @param which the messages, no more than {@link #atATime}
         * @param data off-heap
         * @param at where the piece of each message begins
         * @param len bytes of each, a multiple of 64
         */
        void update(int[] which, int n, MemorySegment data, long[] at, int len) {
            if (lanes.isEmpty()) {
                one(which, n, data, at, len);
            } else if (len > 0) {
                for (int i = 0; i < places.length; i++) {
                    // Lanes that stay empty do somebody else's work and forget it.
                    places[i] = at[Math.min(i, n - 1)];
                }
                for (int i = 0; i < n; i++) {
                    System.arraycopy(
                            states, which[i] * Md5Lanes.STATE, now, i * Md5Lanes.STATE,
                            Md5Lanes.STATE);
                }
                lanes.get().update(now, data, places, len);
                for (int i = 0; i < n; i++) {
                    System.arraycopy(
                            now, i * Md5Lanes.STATE, states, which[i] * Md5Lanes.STATE,
                            Md5Lanes.STATE);
                    lengths[which[i]] += len;
                }
            }
        }

        private void one(int[] which, int n, MemorySegment data, long[] at, int len) {
            for (int i = 0; i < n; i++) {
                if (single[which[i]] == null) {
                    single[which[i]] = Hash16.newMd5();
                }
                single[which[i]].update(data.asSlice(at[i], len).asByteBuffer());
            }
        }

        /** Adds the last piece to messages, each of the same number of bytes, and ends them. */
        void finish(int[] which, int n, MemorySegment data, long[] at, int len) {
            int whole = lanes.isEmpty() ? len : len / Md5Lanes.BLOCK * Md5Lanes.BLOCK;
            update(which, n, data, at, whole);
            if (lanes.isPresent()) {
                pad(which, n, data, at, whole, len - whole);
            }
            for (int i = 0; i < n; i++) {
                found[which[i]] =
                        lanes.isPresent() ? digest(which[i]) : Hash16.of(single[which[i]]);
            }
        }

        /** The last block or two of each message. */
        private void pad(
                int[] which, int n, MemorySegment data, long[] at, int from, int rest) {
            int size = rest + 9 > Md5Lanes.BLOCK ? 2 * Md5Lanes.BLOCK : Md5Lanes.BLOCK;
            long[] starts = new long[n];
            tails.fill((byte) 0);
            ByteBuffer ends = tails.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < n; i++) {
                starts[i] = (long) i * size;
                MemorySegment.copy(data, at[i] + from, tails, starts[i], rest);
                ends.put(i * size + rest, (byte) 0x80);
                ends.putLong((i + 1) * size - 8, (lengths[which[i]] + rest) * 8);
            }
            update(which, n, tails, starts, size);
        }

        private Hash16 digest(int message) {
            int at = message * Md5Lanes.STATE;
            return new Hash16(
                    pair(states[at], states[at + 1]), pair(states[at + 2], states[at + 3]));
        }

        @Override
        public void close() {
            atRest.add(this);
        }

        private static long pair(int low, int high) {
            return Integer.toUnsignedLong(low) | (long) high << 32;
        }
    }
}
