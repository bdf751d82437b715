package net.spillway.tools.post;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.Par2Set;
import net.spillway.fec.RecoveryPacket;
import net.spillway.fec.VolumeLayout;
import net.spillway.fec.VolumeNames;

/**
 * The .par2 files of a post. A volume is its recovery packets, each in articles of its own (one,
 * unless slices are larger than articles), so that a lost article costs one recovery slice; then
 * the critical packets in the articles behind. The index has critical packets alone, and is posted
 * first, so that who looks for it finds it.
 */
final class ParityFiles {
    private final Par2Set set;
    private final Split split;
    private final byte[] critical;
    private final Optional<ParityStore> store;
    private final List<PlannedFile> files = new ArrayList<>();
    private final List<VolumeLayout.Volume> volumes;
    private final int articlesPerPacket;
    private final int largestPart;

    /**
     * Plans them.
     *
     * @param store where recovery slices are; not needed for planning alone
     * @param firstArticle the number of the first article behind those of data
     * @param largestPart octets of an article with critical packets, of which each may be needed:
     *     however small slices are, these are best in as few as can be
     */
    ParityFiles(Par2Set set, Split split, Optional<ParityStore> store, Naming naming, String title,
            int firstArticle, int largestPart) {
        this.set = set;
        this.split = split;
        this.store = store;
        this.largestPart = largestPart;
        this.critical = joined(set.criticalPackets());
        this.articlesPerPacket = split.articlesPerSlice();
        this.volumes = volumes(split);
        String stem = ShownNames.clean(title);
        add(VolumeNames.index(stem), 0, naming, firstArticle);
        int largest = volumes.stream().mapToInt(VolumeLayout.Volume::count).max().orElse(0);
        for (VolumeLayout.Volume volume : volumes) {
            add(VolumeNames.volume(stem, volume, split.recoverySlices(), largest),
                    volume.count(), naming, files.getLast().endArticle());
        }
    }

    private void add(String name, int packets, Naming naming, int firstArticle) {
        List<Long> bounds = new ArrayList<>();
        bounds.add(0L);
        for (int i = 0; i < packets; i++) {
            cut(bounds, Math.toIntExact(packetSize()),
                    Math.ceilDiv((int) packetSize(), articlesPerPacket));
        }
        cut(bounds, critical.length, largestPart);
        files.add(PlannedFile.of(naming.ofParity(files.size(), name),
                bounds.stream().mapToLong(Long::longValue).toArray(), firstArticle));
    }

    /** Adds the ends of so many octets more, cut into pieces. */
    private static void cut(List<Long> bounds, int octets, int piece) {
        long from = bounds.getLast();
        for (int at = piece; at < octets; at += piece) {
            bounds.add(from + at);
        }
        bounds.add(from + octets);
    }

    private long packetSize() {
        return split.sliceSize() + (long) RecoveryPacket.OVERHEAD;
    }

    /** How many files there will be. */
    static int count(Split split) {
        return 1 + volumes(split).size();
    }

    private static List<VolumeLayout.Volume> volumes(Split split) {
        return split.recoverySlices() == 0 ? List.of()
                : new VolumeLayout.Exponential().volumes(0, split.recoverySlices());
    }

    /** Octets in all of them. */
    long octets() {
        return files.stream().mapToLong(PlannedFile::length).sum();
    }

    /** The index, then the volumes. */
    List<PlannedFile> files() {
        return files;
    }

    /** The number behind that of the last article. */
    int endArticle() {
        return files.getLast().endArticle();
    }

    /** The file that an article is of. */
    PlannedFile file(int article) {
        return files.stream().filter(f -> article < f.endArticle()).findFirst().orElseThrow();
    }

    /** How many octets of its file an article has. */
    int length(int article) {
        return file(article).length(article);
    }

    /** The data of an article. */
    byte[] data(int article) throws IOException {
        int f = 0;
        while (files.get(f).endArticle() <= article) {
            f++;
        }
        PlannedFile file = files.get(f);
        long begin = file.begin(article);
        int length = file.length(article);
        long packets = f == 0 ? 0 : volumes.get(f - 1).count();
        long recovery = packets * packetSize();
        if (begin >= recovery) {
            int from = (int) (begin - recovery);
            return Arrays.copyOfRange(critical, from, from + length);
        }
        int exponent = volumes.get(f - 1).first() + (int) (begin / packetSize());
        byte[] slice = store.orElseThrow().slice(exponent);
        byte[] packet = RecoveryPacket.bytes(set.id(), exponent, slice);
        int from = (int) (begin % packetSize());
        return length == packet.length ? packet : Arrays.copyOfRange(packet, from, from + length);
    }

    private static byte[] joined(List<byte[]> packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packets.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
