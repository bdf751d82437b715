package net.spillway.fec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Finds slices by their checksums. Slices with equal checksums form a group, since whoever finds
 * one of them has found them all (sets of zeros have thousands of equal ones).
 */
final class SliceIndex {
    private final List<SliceChecksum> checksums = new ArrayList<>();
    private final List<int[]> slices = new ArrayList<>();
    private final int[] groupOf;

    /** The CRC of each group once more, since looking it up there costs a cache miss. */
    private final int[] crcs;

    private final int[] heads;
    private final int[] next;
    private final int factor = ThreadLocalRandom.current().nextInt() | 1;
    private final int shift;

    SliceIndex(Par2Set set) {
        Map<SliceChecksum, List<Integer>> groups = new HashMap<>();
        for (ParFile file : set.files()) {
            for (int i = 0; i < file.checksums().size(); i++) {
                groups.computeIfAbsent(file.checksums().get(i), c -> new ArrayList<>())
                        .add(file.firstSlice() + i);
            }
        }
        groupOf = new int[set.sliceCount()];
        Arrays.fill(groupOf, -1);
        groups.forEach(
                (checksum, members) -> {
                    members.forEach(slice -> groupOf[slice] = checksums.size());
                    checksums.add(checksum);
                    slices.add(members.stream().mapToInt(Integer::intValue).toArray());
                });
        heads = new int[Integer.highestOneBit(Math.max(1, groups.size())) * 16];
        crcs = checksums.stream().mapToInt(SliceChecksum::crc32).toArray();
        next = new int[groups.size()];
        shift = Integer.SIZE - Integer.numberOfTrailingZeros(heads.length);
        Arrays.fill(heads, -1);
        for (int g = 0; g < next.length; g++) {
            int at = place(crcs[g]);
            next[g] = heads[at];
            heads[at] = g;
        }
    }

    /** CRCs may be chosen to fall on one place, but not without knowing the factor. */
    private int place(int crc) {
        return crc * factor >>> shift;
    }

    /** The first group with this CRC, or -1. */
    int first(int crc) {
        return sameCrc(heads[place(crc)], crc);
    }

    /** The group with the same CRC behind {@code group}, or -1. */
    int next(int group) {
        return sameCrc(next[group], crcs[group]);
    }

    private int sameCrc(int group, int crc) {
        int g = group;
        while (g >= 0 && crcs[g] != crc) {
            g = next[g];
        }
        return g;
    }

    SliceChecksum checksum(int group) {
        return checksums.get(group);
    }

    /** The slices of a group, lowest first. */
    int[] slices(int group) {
        return slices.get(group);
    }

    /** The group of a slice, or -1 if its checksum is not known. */
    int groupOf(int slice) {
        return groupOf[slice];
    }

    int groups() {
        return checksums.size();
    }
}
