package net.spillway.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.file.ReadOnlyChannel;

/**
 * A disk in memory, under segments and H2 alike, that keeps a journal of everything done to it and
 * can tell afterwards what a power cut at any moment would have left: what was forced before, and
 * of the rest whatever sectors the disk happened to have written, in whatever order. It can also be
 * full, from any write on.
 *
 * <p>The model is POSIX at its meanest. A write that no later fsync of the same file covers may be
 * there or not, each sector of 512 octets for itself; a hole reads as zeros. An fsync covers what
 * was written before it was asked for, and nothing that is written while it is under way. A file's
 * length is that of what is left of it, or anything up to what it was. Names (files made, renamed or
 * deleted) are kept by the file system in their order, but lastingly only when the folder is forced,
 * so that a power cut takes back the last few.
 */
final class SimulatedDisk implements FileLayer {
    private static final int SECTOR = 512;
    private static final long FORCE_NANOS = 50_000;
    /** Now and then it takes so long that much is written meanwhile. */
    private static final long LONG_FORCE_NANOS = 2_000_000;
    private static final int LONG_FORCE_EVERY = 8;
    private static final Map<Integer, SimulatedDisk> DISKS = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Something done to the disk, in the order in which it was done. */
    private sealed interface Step {
        record Write(int file, long at, byte[] octets) implements Step {}

        record Cut(int file, long length) implements Step {}

        /** @param begun when it was asked for; later writes need not be covered */
        record Force(int file, int begun) implements Step {}

        record Name(String name, int file) implements Step {}

        record Unname(String name) implements Step {}

        record ForceNames() implements Step {}
    }

    /** Octets that grow. */
    static final class Octets {
        private byte[] octets = new byte[4096];
        private int length;

        synchronized int read(ByteBuffer into, long at) {
            if (at >= length) {
                return -1;
            }
            int n = (int) Math.min(into.remaining(), length - at);
            into.put(octets, (int) at, n);
            return n;
        }

        synchronized void write(byte[] from, int offset, int n, long at) {
            int end = Math.toIntExact(at + n);
            if (end > octets.length) {
                octets = Arrays.copyOf(octets, Math.max(end, 2 * octets.length));
            }
            System.arraycopy(from, offset, octets, (int) at, n);
            length = Math.max(length, end);
        }

        synchronized void cut(long to) {
            if (to < length) {
                Arrays.fill(octets, (int) to, length, (byte) 0);
                length = (int) to;
            }
        }

        synchronized void grow(long to) {
            if (to > length) {
                write(new byte[0], 0, 0, to);
            }
        }

        synchronized int length() {
            return length;
        }

        synchronized Octets copy() {
            var copy = new Octets();
            copy.octets = Arrays.copyOf(octets, octets.length);
            copy.length = length;
            return copy;
        }

        synchronized void flip(int at, int mask) {
            octets[at] ^= (byte) mask;
        }
    }

    private final int id = NEXT.incrementAndGet();
    private final AtomicInteger forces = new AtomicInteger();
    private final TreeMap<String, Integer> names = new TreeMap<>();
    private final List<Octets> files = new ArrayList<>();
    private final List<Step> journal = new ArrayList<>();
    private final TreeMap<String, Octets> before = new TreeMap<>();
    /** Octets that can still be written; those H2 writes count too. */
    private long space = Long.MAX_VALUE;
    private long refusals;

    /** An empty disk. */
    SimulatedDisk() {
        this(new TreeMap<>());
    }

    private SimulatedDisk(Map<String, Octets> content) {
        before.putAll(content);
        content.forEach((name, octets) -> {
            names.put(name, files.size());
            files.add(octets.copy());
        });
        DISKS.put(id, this);
        SimulatedDatabaseFile.register();
    }

    static SimulatedDisk get(int id) {
        return DISKS.get(id);
    }

    /** Nobody uses it any more. */
    void forget() {
        DISKS.remove(id);
    }

    /** How much was done so far; a power cut can come after any of it. */
    synchronized int steps() {
        return journal.size();
    }

    /** Lets that many octets be written, and no more. */
    synchronized void leaveSpace(long octets) {
        space = octets;
    }

    /** How often somebody was told that the disk is full. */
    synchronized long refusals() {
        return refusals;
    }

    /** A disk with the same content, as a copy taken at this moment. */
    synchronized SimulatedDisk copy() {
        var content = new TreeMap<String, Octets>();
        names.forEach((name, file) -> content.put(name, files.get(file)));
        return new SimulatedDisk(content);
    }

    /** What a power cut after that many steps leaves; another seed, another disk. */
    SimulatedDisk afterPowerCut(int steps, long seed) {
        List<Step> done;
        synchronized (this) {
            done = List.copyOf(journal.subList(0, steps));
        }
        return new SimulatedDisk(new PowerCut(before, new Random(seed)).leave(done));
    }

    /** Works out what is left. */
    private static final class PowerCut {
        /** A step that nothing lasting covers yet, and the how manieth it was. */
        private record Loose(int n, Step step) {}

        private final Random random;
        private final Map<Integer, Octets> lasting = new HashMap<>();
        private final Map<Integer, List<Loose>> loose = new HashMap<>();
        private final Map<String, Integer> lastingNames = new TreeMap<>();
        private final List<Step> looseNames = new ArrayList<>();
        /** How many of the loose sectors were written, between none and all. */
        private final double luck;

        PowerCut(Map<String, Octets> before, Random random) {
            this.random = random;
            before.forEach((name, octets) -> {
                lasting.put(lastingNames.size(), octets.copy());
                lastingNames.put(name, lastingNames.size());
            });
            luck = new double[] {0, 0.1, 0.5, 0.9, 1}[random.nextInt(5)];
        }

        Map<String, Octets> leave(List<Step> done) {
            for (int n = 0; n < done.size(); n++) {
                switch (done.get(n)) {
                    case Step.Write write -> loose(write.file()).add(new Loose(n, write));
                    case Step.Cut cut -> loose(cut.file()).add(new Loose(n, cut));
                    case Step.Force force -> settle(force);
                    case Step.Name name -> looseNames.add(name);
                    case Step.Unname unname -> looseNames.add(unname);
                    case Step.ForceNames all -> {
                        looseNames.forEach(this::name);
                        looseNames.clear();
                    }
                }
            }
            int namesKept = random.nextInt(looseNames.size() + 1);
            looseNames.subList(0, luck == 1 ? looseNames.size() : namesKept).forEach(this::name);
            var left = new TreeMap<String, Octets>();
            lastingNames.forEach((name, file) -> left.put(name, afterCut(file)));
            return left;
        }

        private List<Loose> loose(int file) {
            return loose.computeIfAbsent(file, f -> new ArrayList<>());
        }

        private Octets octets(int file) {
            return lasting.computeIfAbsent(file, f -> new Octets());
        }

        private void settle(Step.Force force) {
            List<Loose> steps = loose(force.file());
            int covered = 0;
            while (covered < steps.size() && steps.get(covered).n() < force.begun()) {
                apply(force.file(), steps.get(covered++).step());
            }
            steps.subList(0, covered).clear();
        }

        private void apply(int file, Step step) {
            if (step instanceof Step.Write write) {
                octets(file).write(write.octets(), 0, write.octets().length, write.at());
            } else if (step instanceof Step.Cut cut) {
                octets(file).cut(cut.length());
            }
        }

        private Octets afterCut(int file) {
            Octets octets = octets(file);
            long longest = octets.length();
            for (Loose one : loose(file)) {
                if (one.step() instanceof Step.Write write) {
                    longest = Math.max(longest, write.at() + write.octets().length);
                    tear(octets, write);
                } else if (random.nextDouble() < luck) {
                    apply(file, one.step());
                }
            }
            if (random.nextInt(3) == 0) {
                octets.grow(longest); // The length was noted, what lies there was not written.
            }
            return octets;
        }

        private void tear(Octets octets, Step.Write write) {
            int length = write.octets().length;
            int offset = 0;
            while (offset < length) {
                long at = write.at() + offset;
                int n = (int) Math.min(length - offset, SECTOR - at % SECTOR);
                if (random.nextDouble() < luck) {
                    octets.write(write.octets(), offset, n, at);
                }
                offset += n;
            }
        }

        private void name(Step step) {
            if (step instanceof Step.Name name) {
                lastingNames.put(name.name(), name.file());
            } else if (step instanceof Step.Unname unname) {
                lastingNames.remove(unname.name());
            }
        }
    }

    // What is done to files, by segments through FileLayer and by H2 through its own layer.

    synchronized boolean exists(String name) {
        return names.containsKey(name);
    }

    synchronized List<String> namesBelow(String folder) {
        return names.keySet().stream().filter(n -> n.startsWith(folder + "/")).toList();
    }

    /** Opens a file for reading; the content stays readable when the name is gone. */
    synchronized Octets octets(String name) throws IOException {
        Integer file = names.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return files.get(file);
    }

    synchronized int make(String name) throws IOException {
        if (space <= 0) {
            throw full();
        }
        int file = files.size();
        files.add(new Octets());
        names.put(name, file);
        journal.add(new Step.Name(name, file));
        return file;
    }

    synchronized int file(String name) {
        return names.get(name);
    }

    void write(int file, ByteBuffer from, long at) throws IOException {
        byte[] octets;
        boolean all;
        synchronized (this) {
            int n = (int) Math.min(from.remaining(), Math.max(0, space));
            all = n == from.remaining();
            octets = new byte[n];
            from.get(octets);
            space -= space == Long.MAX_VALUE ? 0 : n;
            files.get(file).write(octets, 0, n, at);
            journal.add(new Step.Write(file, at, octets));
            refusals += all ? 0 : 1;
        }
        if (!all) {
            throw new NoSpaceException("no space left in the simulation");
        }
    }

    synchronized void cut(int file, long length) {
        files.get(file).cut(length);
        journal.add(new Step.Cut(file, length));
    }

    synchronized void force(int file) {
        journal.add(new Step.Force(file, journal.size()));
    }

    /** The same in a moment, in which others may write: what they do, it does not cover. */
    void forceSlowly(int file) {
        int begun = steps();
        if (forces.incrementAndGet() % LONG_FORCE_EVERY == 0) {
            LockSupport.parkNanos(LONG_FORCE_NANOS);
        }
        long until = System.nanoTime() + FORCE_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        synchronized (this) {
            journal.add(new Step.Force(file, begun));
        }
    }

    synchronized void move(String from, String to) {
        int file = names.remove(from);
        names.put(to, file);
        journal.add(new Step.Unname(from));
        journal.add(new Step.Name(to, file));
    }

    synchronized void remove(String name) {
        if (names.remove(name) != null) {
            journal.add(new Step.Unname(name));
        }
    }

    /** Damages octets of a file, as a disk does that forgets. */
    synchronized void damage(String name, Random random, int times) throws IOException {
        Octets octets = octets(name);
        for (int i = 0; i < times && octets.length() > 0; i++) {
            octets.flip(random.nextInt(octets.length()), 1 << random.nextInt(8));
        }
    }

    synchronized List<String> names(Predicate<String> wanted) {
        return names.keySet().stream().filter(wanted).toList();
    }

    private NoSpaceException full() {
        refusals++;
        return new NoSpaceException("no space left in the simulation");
    }

    @Override
    public synchronized AppendFile create(Path file) throws IOException {
        if (exists(file.toString())) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return new Appending(make(file.toString()));
    }

    @Override
    public synchronized AppendFile append(Path file) throws IOException {
        octets(file.toString());
        return new Appending(file(file.toString()));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        Octets octets = octets(file.toString());
        return new ReadOnlyChannel() {
            @Override
            public int read(ByteBuffer into, long at) throws IOException {
                if (!isOpen()) {
                    throw new ClosedChannelException();
                }
                return octets.read(into, at);
            }

            @Override
            public long size() {
                return octets.length();
            }
        };
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        octets(from.toString());
        move(from.toString(), to.toString());
    }

    @Override
    public void delete(Path file) {
        remove(file.toString());
    }

    @Override
    public synchronized void forceFolder(Path folder) {
        journal.add(new Step.ForceNames());
    }

    @Override
    public synchronized long usableSpace(Path folder) {
        return 1L << 40; // The writes themselves shall find out.
    }

    @Override
    public List<Path> list(Path folder) {
        return namesBelow(folder.toString()).stream().map(Path::of).toList();
    }

    @Override
    public void makeFolder(Path folder) {
        // Folders are always there.
    }

    @Override
    public String database(Path file) {
        return SimulatedDatabaseFile.SCHEME + ":" + id + file;
    }

    private final class Appending implements AppendFile {
        private final int file;

        Appending(int file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            SimulatedDisk.this.write(file, bytes, position);
        }

        @Override
        public void force() {
            SimulatedDisk.this.forceSlowly(file);
        }

        @Override
        public void truncate(long length) {
            cut(file, length);
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return files.get(file).length();
            }
        }

        @Override
        public void close() {
            // Closing forces nothing.
        }
    }
}
