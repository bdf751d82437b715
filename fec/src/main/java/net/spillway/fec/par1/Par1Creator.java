package net.spillway.fec.par1;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import net.spillway.fec.DiskSpace;
import net.spillway.fec.FileDigests;
import net.spillway.fec.OpenFiles;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.ProgressListener;
import net.spillway.fec.PutInPlace;
import net.spillway.fec.SafeNames;
import net.spillway.fec.WorkFolder;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;

/**
 * Creates a set: an index and as many volumes as wished, each as long as the longest file. Files
 * are read twice, once for their hashes and once for parity. Empty files are listed but not saved,
 * since par2cmdline takes a set that saves one for damaged for ever.
 */
public final class Par1Creator {
    private final Path output;
    private final List<Path> files;
    private final int volumes;
    private final boolean overwrite;
    private final ParityOptions options;

    /**
     * What was made.
     *
     * @param files the index first, then the volumes
     */
    public record Created(Par1Set set, List<Path> files) {
        public Created {
            files = List.copyOf(files);
        }
    }

    /** A file that parity is made for, as it was when work began. */
    private record Source(Path path, long length, FileTime modified) {
        static Source of(Path file) throws IOException {
            if (!Files.isRegularFile(file)) {
                throw bad(file + " is not there, or not a file");
            }
            SafeNames.checkIsText(file.getFileName());
            SafeNames.check(file.getFileName().toString());
            return new Source(file, Files.size(file), Files.getLastModifiedTime(file));
        }

        void checkUnchanged() throws IOException {
            if (!of(path).equals(this)) {
                throw new Par2Exception(
                        Par2Exception.Kind.CHANGED,
                        path + " changed while parity was made for it; try again");
            }
        }
    }

    /**
     * A creator.
     *
     * @param output {@code NAME.par}; the volumes are named after it
     * @param files all in one folder, since PAR1 knows no folders
     * @param volumes how many, 0 to 255
     * @param overwrite whether files that are there already may be replaced
     */
    public Par1Creator(
            Path output,
            Collection<Path> files,
            int volumes,
            boolean overwrite,
            ParityOptions options) {
        if (volumes < 0 || volumes > Par1Format.MAX_NUMBER) {
            throw new IllegalArgumentException(
                    "PAR1 has 0 to " + Par1Format.MAX_NUMBER + " volumes, not " + volumes);
        }
        this.output = Objects.requireNonNull(output, "output");
        this.files = List.copyOf(files);
        this.volumes = volumes;
        this.overwrite = overwrite;
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Creates the set.
     *
     * @throws Par2Exception if outputs are there already, there are too many files or two of one
     *     name, or a file changes meanwhile
     * @throws FileSystemException if there is no room for the volumes
     */
    public Created create() throws IOException {
        List<Source> sources = sources();
        List<Path> targets = targets();
        Path folder = output.toAbsolutePath().getParent();
        long longest = sources.stream().mapToLong(Source::length).max().orElse(0);
        DiskSpace.require(folder, volumes * longest);
        Par1Set set = hash(sources);
        List<Source> saved = sources.stream().filter(s -> s.length() > 0).toList();
        try (WorkFolder work = new WorkFolder(folder)) {
            List<Path> drafts = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                drafts.add(Files.createFile(work.next()));
            }
            write(set, saved, drafts);
            for (Source source : sources) {
                source.checkUnchanged();
            }
            return new Created(
                    set, work.finish(() -> PutInPlace.all(drafts, targets, work, overwrite)));
        }
    }

    private List<Source> sources() throws IOException {
        TreeMap<String, Source> byName = new TreeMap<>();
        for (Path file : files) {
            Source source = Source.of(file);
            String name = file.getFileName().toString();
            Source other = byName.put(name, source);
            if (other != null && !Files.isSameFile(other.path(), file)) {
                throw bad("two files have the name " + name + ", and PAR1 knows no folders");
            }
        }
        long saved = byName.values().stream().filter(s -> s.length() > 0).count();
        if (byName.isEmpty()
                || byName.size() > Par1Format.MAX_FILES
                || saved > Par1Format.MAX_NUMBER) {
            throw bad("PAR1 takes 1 to " + Par1Format.MAX_NUMBER + " files, not " + saved
                    + "; PAR2 takes more");
        }
        return List.copyOf(byName.values());
    }

    private static Par2Exception bad(String message) {
        return new Par2Exception(Par2Exception.Kind.BAD_REQUEST, message);
    }

    private List<Path> targets() throws IOException {
        String stem = Par1Names.stem(output.getFileName().toString());
        List<Path> targets = new ArrayList<>();
        for (int number = 0; number <= volumes; number++) {
            Path target = output.resolveSibling(Par1Names.volume(stem, number));
            PutInPlace.checkMayBeMade(target, overwrite);
            targets.add(target);
        }
        return targets;
    }

    private Par1Set hash(List<Source> sources) throws IOException {
        long total = sources.stream().mapToLong(Source::length).sum();
        List<Par1File> listed = new ArrayList<>();
        long before = 0;
        for (Source source : sources) {
            long start = before;
            Hash16 md5 = FileDigests.whole(source.path(), at -> options.progress()
                    .progress(ProgressListener.Phase.HASHING, Math.min(start + at, total), total));
            listed.add(new Par1File(
                    source.path().getFileName().toString(),
                    source.length() > 0,
                    source.length(),
                    md5,
                    FileDigests.head(source.path())));
            before += source.length();
        }
        return Par1Set.of(listed);
    }

    private void write(Par1Set set, List<Source> saved, List<Path> drafts) throws IOException {
        Par1Writer writer = new Par1Writer(set);
        List<byte[]> heads = new ArrayList<>();
        List<MessageDigest> md5s = new ArrayList<>();
        for (int number = 0; number <= volumes; number++) {
            heads.add(writer.head(number, number == 0 ? 0 : set.blockSize()));
            md5s.add(Par1Writer.start(heads.getLast()));
        }
        try (OpenFiles in = new OpenFiles(StandardOpenOption.READ);
                OpenFiles out = new OpenFiles(StandardOpenOption.WRITE)) {
            if (volumes > 0 && !saved.isEmpty()) {
                encode(set.blockSize(), saved, in, (row, from, bytes, len) -> {
                    md5s.get(row + 1).update(bytes, 0, len);
                    out.write(drafts.get(row + 1), writer.length() + from, bytes, 0, len);
                });
            }
            for (int number = 0; number <= volumes; number++) {
                byte[] head = Par1Writer.finished(
                        heads.get(number), Hash16.of(md5s.get(number)));
                out.write(drafts.get(number), 0, head, 0, head.length);
            }
        }
    }

    private void encode(
            long blockSize, List<Source> saved, OpenFiles in, Par1Coder.Output output)
            throws IOException {
        byte[][] matrix = new byte[volumes][saved.size()];
        for (int v = 0; v < volumes; v++) {
            for (int i = 0; i < saved.size(); i++) {
                matrix[v][i] = Par1Matrix.factor(i, v + 1);
            }
        }
        try (Par1Coder coder = new Par1Coder(matrix, options)) {
            coder.run(
                    blockSize,
                    (i, from, dst, len) -> {
                        Source source = saved.get(i);
                        int n = (int) Math.clamp(source.length() - from, 0, len);
                        if (n > 0) {
                            in.read(source.path(), from, dst, 0, n);
                        }
                        Arrays.fill(dst, n, len, (byte) 0);
                    },
                    output);
        }
    }
}
