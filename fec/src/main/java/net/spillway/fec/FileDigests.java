package net.spillway.fec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import net.spillway.fec.packet.Hash16;

/** MD5s of files on disk. */
public final class FileDigests {
    private static final int BUFFER = 1 << 18;

    private FileDigests() {}

    /** MD5 of the first 16 KiB, or of all of the file if it is shorter. */
    public static Hash16 head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Hash16.md5(in.readNBytes(FileHasher.HEAD));
        }
    }

    /**
     * MD5 of the whole file.
     *
     * @param progress told how many bytes have been read
     */
    public static Hash16 whole(Path file, LongConsumer progress) throws IOException {
        MessageDigest md5 = Hash16.newMd5();
        byte[] buffer = new byte[BUFFER];
        long read = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                md5.update(buffer, 0, n);
                read += n;
                progress.accept(read);
            }
        }
        return Hash16.of(md5);
    }

    /**
     * MD5s of whole files, side by side in vector lanes and on several threads where that pays.
     *
     * @param progress told how many bytes more have been read; by several threads
     */
    public static List<Hash16> whole(
            List<Path> files, ParityOptions options, LongConsumer progress) throws IOException {
        long[] lengths = new long[files.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Files.size(files.get(i));
        }
        FileMd5s md5s =
                new FileMd5s(
                        options.engine(), false, lengths, () -> FileMd5s.onDisk(files::get),
                        progress);
        try (Crew crew = new Crew(options.threads())) {
            crew.awaitAll(md5s.begin(crew));
        }
        return IntStream.range(0, lengths.length).mapToObj(md5s::whole).toList();
    }

    /** True if a file on disk has the length and the MD5 of a file of a set. */
    public static boolean isContent(Path path, ParFile file) throws IOException {
        return Files.isRegularFile(path)
                && Files.size(path) == file.length()
                && whole(path, n -> {}).equals(file.md5());
    }
}
