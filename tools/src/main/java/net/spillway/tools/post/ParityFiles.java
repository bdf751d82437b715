package net.spillway.tools.post;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.spillway.fec.Par2Set;
import net.spillway.fec.RecoveryPacket;
import net.spillway.fec.VolumeLayout;
import net.spillway.fec.VolumeNames;
import net.spillway.tools.nzb.NzbFile;

/**
 * The .par2 files of a post, as they go out. A volume is its recovery packets, each in articles of
 * its own (one, unless slices are larger than articles), so that a lost article costs one recovery
 * slice; then the critical packets in the articles behind. The index has critical packets alone.
 */
final class ParityFiles {
    private final Par2Set set;
    private final Split split;
    private final byte[] critical;
    private final PlannedFile index;
    private final List<VolumeLayout.Volume> volumes;
    private final List<PlannedFile> volumeFiles = new ArrayList<>();
    private final int articlesPerPacket;
    private final int criticalParts;

    ParityFiles(Par2Set set, Split split, String stem) {
        this.set = set;
        this.split = split;
        this.critical = joined(set.criticalPackets());
        this.criticalParts = Math.ceilDiv(critical.length, split.articleSize());
        this.articlesPerPacket = split.articlesPerSlice();
        this.index = new PlannedFile(VolumeNames.index(stem), critical.length, criticalParts);
        this.volumes = split.recoverySlices() == 0 ? List.of()
                : new VolumeLayout.Exponential().volumes(0, split.recoverySlices());
        int largest = volumes.stream().mapToInt(VolumeLayout.Volume::count).max().orElse(0);
        for (VolumeLayout.Volume volume : volumes) {
            volumeFiles.add(new PlannedFile(
                    VolumeNames.volume(stem, volume, split.recoverySlices(), largest),
                    volume.count() * packetSize() + critical.length,
                    volume.count() * articlesPerPacket + criticalParts));
        }
    }

    private long packetSize() {
        return split.sliceSize() + (long) RecoveryPacket.OVERHEAD;
    }

    /** Posts the recovery slice of an exponent; exponents have to come in order. */
    void postRecovery(int exponent, byte[] slice, PostingPool pool, String domain)
            throws InterruptedException {
        int v = 0;
        while (volumes.get(v).first() + volumes.get(v).count() <= exponent) {
            v++;
        }
        byte[] packet = RecoveryPacket.bytes(set.id(), exponent, slice);
        long begin = (exponent - volumes.get(v).first()) * packetSize();
        int piece = Math.ceilDiv(packet.length, articlesPerPacket);
        post(volumeFiles.get(v), begin, packet, piece, pool, domain);
    }

    /** Posts the critical packets behind every volume and in the index. */
    void postCritical(PostingPool pool, String domain) throws InterruptedException {
        for (int v = 0; v < volumes.size(); v++) {
            long begin = volumes.get(v).count() * packetSize();
            post(volumeFiles.get(v), begin, critical, split.articleSize(), pool, domain);
        }
        post(index, 0, critical, split.articleSize(), pool, domain);
    }

    private static void post(PlannedFile file, long begin, byte[] bytes, int piece,
            PostingPool pool, String domain) throws InterruptedException {
        for (int at = 0; at < bytes.length; at += piece) {
            byte[] data = at == 0 && bytes.length <= piece ? bytes
                    : Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
            pool.put(file.next(begin + at, Outgoing.Payload.of(data), data.length, domain));
        }
    }

    /** The index, then the volumes. */
    List<NzbFile.Entry> entries(PostRequest request, long date) {
        return Stream.concat(Stream.of(index), volumeFiles.stream())
                .map(file -> file.entry(request, date)).toList();
    }

    private static byte[] joined(List<byte[]> packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packets.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
