package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.spillway.fec.packet.Hash16;

/**
 * Parity files whose names belong together: an index and its volumes. Which sets they belong to is
 * known once some of them have been fetched.
 *
 * @param indexes files that promise no recovery slices
 * @param volumes files that do, smallest first
 * @param sets the sets of which a packet was found in them
 */
record ParityGroup(List<TargetFile> indexes, List<TargetFile> volumes, Set<Hash16> sets) {
    ParityGroup {
        indexes = List.copyOf(indexes);
        volumes = volumes.stream()
                .sorted(Comparator.comparingInt(file -> file.wanted().size())).toList();
    }

    ParityGroup(List<TargetFile> indexes, List<TargetFile> volumes) {
        this(indexes, volumes, new HashSet<>());
    }

    List<TargetFile> files() {
        List<TargetFile> all = new ArrayList<>(indexes);
        all.addAll(volumes);
        return all;
    }
}
