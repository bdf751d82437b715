package net.spillway.fec;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Creates the .par2 files of a set: an index without recovery slices, and volumes. They get their
 * names when all of them are complete; until then they lie in a hidden folder beside them.
 *
 * <p>Memory does not grow with the files: what does not fit the bound, or a modest part of it that
 * is enough to be fast, is done in column chunks. Then each file is read twice, in columns and, for
 * its MD5, from beginning to end; else once. (The first 16 KiB of each are read before that: the
 * order of files depends on them.)
 *
 * <p>An empty file is described in the set but not listed in its Main packet: par2cmdline 0.8.1
 * leaves such files out when it creates, and takes a set that lists one for damaged for ever.
 */
public final class Par2Creator {
    /**
     * What {@link #create} made.
     *
     * @param removed volumes of the set that was replaced, which contradicted the new one
     */
    public record Created(
            Par2Set set, List<Path> files, int recoverySlices, List<Path> removed) {
        public Created {
            files = List.copyOf(files);
            removed = List.copyOf(removed);
        }
    }

    private final Builder b;

    private Par2Creator(Builder b) {
        this.b = b;
    }

    /**
     * A builder.
     *
     * @param output the index file, for instance {@code FOLDER/NAME.par2}; volumes go beside it
     * @param base the folder that names in the set are relative to
     */
    public static Builder builder(Path output, Path base) {
        return new Builder(output, base);
    }

    /** Collects what is to be created. */
    public static final class Builder {
        final Path output;
        final Path base;
        final List<Path> files = new ArrayList<>();
        private long sliceSize;

        /** 0 for the usual number. */
        private int blockCount;
        private double percent = 5;
        private int recoveryCount = -1;
        int firstExponent;
        VolumeLayout volumes = new VolumeLayout.Exponential();
        ParityOptions options = ParityOptions.defaults();
        boolean overwrite;
        String creator = "Spillway";

        private Builder(Path output, Path base) {
            this.output = Objects.requireNonNull(output, "output");
            this.base = Objects.requireNonNull(base, "base");
        }

        /** Files to protect, all inside the base folder. */
        public Builder files(Collection<Path> more) {
            files.addAll(more);
            return this;
        }

        /** Bytes of a slice, a multiple of 4; takes precedence over a block count. */
        public Builder sliceSize(long bytes) {
            Par2Limits.checkSliceSize(bytes);
            sliceSize = bytes;
            return this;
        }

        /**
         * Into at most how many slices to cut, 1..32768; unless said otherwise, {@link
         * SliceSizes#usualCount}.
         */
        public Builder blockCount(int count) {
            if (count < 1 || count > Par2Constants.MAX_SLICES) {
                throw new IllegalArgumentException("block count must be 1 to 32768, not " + count);
            }
            blockCount = count;
            return this;
        }

        /** Recovery slices in per cent of slices, at least one; 5 unless said otherwise. */
        public Builder redundancy(double percentOfSlices) {
            if (!(percentOfSlices >= 0 && percentOfSlices <= 1000)) {
                throw new IllegalArgumentException(
                        "redundancy must be 0 to 1000 per cent, not " + percentOfSlices);
            }
            percent = percentOfSlices;
            return this;
        }

        /** How many recovery slices; takes precedence over redundancy. 0 makes only the index. */
        public Builder recoveryCount(int count) {
            if (count < 0 || count > Par2Constants.MAX_EXPONENTS) {
                throw new IllegalArgumentException(
                        "recovery slices must be 0 to 65535, not " + count);
            }
            recoveryCount = count;
            return this;
        }

        /** Exponent of the first recovery slice; 0 unless said otherwise. */
        public Builder firstExponent(int exponent) {
            if (exponent < 0 || exponent >= Par2Constants.MAX_EXPONENTS) {
                throw new IllegalArgumentException(
                        "the first exponent must be 0 to 65534, not " + exponent);
            }
            firstExponent = exponent;
            return this;
        }

        /** How to spread recovery slices over volumes; exponential unless said otherwise. */
        public Builder volumes(VolumeLayout layout) {
            volumes = Objects.requireNonNull(layout, "layout");
            return this;
        }

        /** Engine, threads, memory and progress. */
        public Builder options(ParityOptions other) {
            options = Objects.requireNonNull(other, "options");
            return this;
        }

        /** Whether files that are there already may be replaced; no unless said otherwise. */
        public Builder overwrite(boolean yes) {
            overwrite = yes;
            return this;
        }

        /** What the Creator packet says. */
        public Builder creator(String text) {
            creator = Objects.requireNonNull(text, "creator");
            return this;
        }

        /** The creator. */
        public Par2Creator build() {
            if (files.isEmpty()) {
                throw new IllegalArgumentException("there are no files to protect");
            }
            return new Par2Creator(this);
        }

        /** The slice size for files of these lengths. */
        long sliceSizeFor(List<Long> lengths) throws Par2Exception {
            if (sliceSize > 0) {
                return sliceSize;
            }
            return SliceSizes.forCount(
                    lengths, blockCount > 0 ? blockCount : SliceSizes.usualCount(lengths));
        }

        /** The number of recovery slices for so many slices. */
        int recoveryFor(int slices) throws Par2Exception {
            long count = recoveryCount < 0 ? recoverySlices(slices, percent) : recoveryCount;
            if (slices == 0) {
                count = 0;
            }
            if (firstExponent + count > Par2Constants.MAX_EXPONENTS) {
                throw new Par2Exception(
                        Par2Exception.Kind.BAD_REQUEST,
                        count + " recovery slices from exponent " + firstExponent
                                + " on are too many: exponents end at 65534");
            }
            return (int) count;
        }
    }

    /** How many recovery slices are so many per cent of some slices: one at least, if any. */
    public static int recoverySlices(int slices, double percent) {
        int count = Math.toIntExact(Math.round(slices * percent / 100));
        return percent > 0 ? Math.max(1, count) : count;
    }

    /**
     * Creates the set.
     *
     * @throws Par2Exception if outputs are there already, there would be too many slices, a file
     *     lies outside the base folder, be it by a link to a folder, or changes meanwhile
     * @throws FileSystemException if there is no room for the recovery slices
     */
    public Created create() throws IOException {
        List<SourceFile> sources = sources();
        long sliceSize = b.sliceSizeFor(sources.stream().map(SourceFile::length).toList());
        Par2Layout layout =
                Par2Layout.of(
                        sliceSize,
                        sources.stream()
                                .map(s -> new Par2Layout.Item(s.id(), s.length()))
                                .toList());
        int recovery = b.recoveryFor(layout.sliceCount());
        String name = b.output.getFileName().toString();
        String stem = VolumeNames.stem(name);
        List<VolumeLayout.Volume> volumes =
                recovery == 0 ? List.of() : b.volumes.volumes(b.firstExponent, recovery);
        List<Path> targets = targets(stem, volumes);
        Path folder = b.output.toAbsolutePath().getParent();
        long critical = criticalBytes(sources, sliceSize);
        DiskSpace.require(folder, recovery * (sliceSize + RecoveryPacket.OVERHEAD)
                + (2L * volumes.size() + 1) * critical);
        EncodeJob job = new EncodeJob(sources, layout, b.firstExponent, recovery, b.options);
        try (WorkFolder work = new WorkFolder(folder);
                RecoveryWriter writer =
                        new RecoveryWriter(
                                work, layout.setId(), sliceSize, critical, volumes,
                                b.options.engine())) {
            Par2Set set = job.run(b.creator, writer);
            List<Path> drafts = writer.finish(set.criticalPackets());
            for (SourceFile source : sources) {
                source.checkUnchanged();
            }
            List<Path> old = b.overwrite
                    ? ContradictingVolumes.in(folder, stem, targets, set) : List.of();
            List<Path> placed = work.finish(() -> {
                List<Path> all = PutInPlace.all(drafts, targets, work, b.overwrite);
                for (Path volume : old) {
                    remove(volume);
                }
                return all;
            });
            return new Created(set, placed, recovery, old);
        }
    }

    private static void remove(Path volume) throws IOException {
        try {
            Files.delete(volume);
        } catch (IOException e) {
            FileSystemException failure = new FileSystemException(volume.toString(), null,
                    "the new set is made, but this volume of the old one contradicts it and cannot"
                            + " be removed");
            failure.initCause(e);
            throw failure;
        }
    }

    /** How large the critical packets will be follows from names and lengths. */
    private long criticalBytes(List<SourceFile> sources, long sliceSize) throws Par2Exception {
        Hash16 any = new Hash16(0, 0);
        Par2SetBuilder set = new Par2SetBuilder(sliceSize).creator(b.creator);
        for (SourceFile source : sources) {
            int slices = (int) Par2Limits.slices(source.length(), sliceSize);
            set.add(source.name(), new FileHashes(source.length(), any, any,
                    Collections.nCopies(slices, new SliceChecksum(any, 0))));
        }
        return set.build().criticalPackets().stream().mapToLong(packet -> packet.length).sum();
    }

    /** A file that is given twice counts once. */
    private List<SourceFile> sources() throws IOException {
        Map<String, SourceFile> byName = new LinkedHashMap<>();
        SafeFolder folder = new SafeFolder(b.base.toAbsolutePath().normalize());
        for (Path file : b.files) {
            SourceFile source = SourceFile.of(folder, b.base, file);
            SourceFile other = byName.put(source.name().text(), source);
            if (other != null && !other.path().equals(source.path())) {
                throw new Par2Exception(
                        Par2Exception.Kind.BAD_REQUEST,
                        "two files have the name " + source.name().text()
                                + ", one in UTF-8 and one in ISO 8859-1; rename one");
            }
        }
        return List.copyOf(byName.values());
    }

    /** The index first, then the volumes; none may be there unless it may be replaced. */
    private List<Path> targets(String stem, List<VolumeLayout.Volume> volumes)
            throws IOException {
        int behindLast = b.volumes.largestNumber(volumes);
        int largest = volumes.stream().mapToInt(VolumeLayout.Volume::count).max().orElse(0);
        List<Path> targets = new ArrayList<>();
        targets.add(b.output.resolveSibling(VolumeNames.index(stem)));
        for (VolumeLayout.Volume v : volumes) {
            targets.add(
                    b.output.resolveSibling(VolumeNames.volume(stem, v, behindLast, largest)));
        }
        for (Path target : targets) {
            PutInPlace.checkMayBeMade(target, b.overwrite);
        }
        return targets;
    }
}
