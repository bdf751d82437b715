package net.spillway.spool;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentCheck;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentScanner;

/**
 * Computes every CRC of a spool again, also beside a running relay: it only reads. If none runs it
 * also looks whether segments end before what the index knows to be in them.
 */
public final class SpoolCheck {
    private static final FileLayer FILES = new DiskFiles();

    private SpoolCheck() {}

    /**
     * What a check has found.
     *
     * @param segments that were read
     * @param articles good ones in them
     * @param bytes    that were read
     * @param damage   places that are not what was written
     * @param healed   the same, but of articles that lie elsewhere too, whole: they came again
     */
    public record Report(long segments, long articles, long bytes, List<DamagedRecord> damage,
            List<DamagedRecord> healed) {
        /** All places, whatever became of what was there. */
        public List<DamagedRecord> places() {
            return Stream.concat(damage.stream(), healed.stream()).toList();
        }
    }

    /**
     * Reads all segments.
     *
     * @param perSecond octets to be read a second at most; 0: as fast as it goes
     */
    public static Report check(SpoolConfig config, long perSecond, ProgressCallback progress)
            throws IOException {
        List<Path> files = SegmentPaths.of(config, FILES);
        long total = 0;
        for (Path file : files) {
            total += size(file);
        }
        long all = total;
        var pacer = new Pacer(perSecond);
        var damage = new ArrayList<DamagedRecord>();
        var ends = new HashMap<Path, Long>();
        long segments = 0;
        long articles = 0;
        long bytes = 0;
        for (Path file : files) {
            long before = bytes;
            long articlesBefore = articles;
            long[] last = {0};
            try {
                SegmentCheck seen = SegmentCheck.of(FILES, file, octets -> {
                    progress.progress(articlesBefore, before + octets, all);
                    pacer.read(octets - last[0]);
                    last[0] = octets;
                });
                segments++;
                articles += seen.articles();
                bytes += seen.octets();
                seen.damage().forEach(bad -> damage.add(describe(file, bad)));
                ends.put(file, seen.octets());
            } catch (NoSuchFileException expired) {
                continue; // A relay runs, and has dropped it meanwhile.
            } catch (SegmentDamagedException e) {
                damage.add(new DamagedRecord(file, 0, size(file), Optional.empty(),
                        "the header is damaged, so that nothing in it can be read"));
                ends.put(file, Long.MAX_VALUE); // It is there; where it ends nobody knows.
            }
            progress.progress(articles, bytes, all);
        }
        damage.addAll(CutOff.articles(config, FILES, ends));
        Set<MessageId> again = damage.isEmpty() ? Set.of() : hereAgain(files, damage);
        Map<Boolean, List<DamagedRecord>> healed = damage.stream().collect(
                Collectors.partitioningBy(place -> place.id().filter(again::contains).isPresent()));
        return new Report(segments, articles, bytes, healed.get(false), healed.get(true));
    }

    /** Which articles of these places lie in other places too. Reads heads alone. */
    private static Set<MessageId> hereAgain(List<Path> files, List<DamagedRecord> damage)
            throws IOException {
        Set<MessageId> wanted = damage.stream().flatMap(place -> place.id().stream())
                .collect(Collectors.toSet());
        Set<MessageId> found = new HashSet<>();
        for (Path file : files) {
            List<DamagedRecord> bad = damage.stream()
                    .filter(place -> place.segment().equals(file)).toList();
            try {
                SegmentCheck.articles(FILES, file, (id, offset) -> MessageId.parse(id)
                        .filter(wanted::contains)
                        .filter(i -> bad.stream().noneMatch(place -> place.contains(offset)))
                        .ifPresent(found::add));
            } catch (NoSuchFileException | SegmentDamagedException nothingThere) {
                continue;
            }
        }
        return found;
    }

    /**
     * Takes what is damaged out of service, in a spool that no relay has open: the articles are
     * not known any more, so that peers bring them again.
     *
     * @return how many articles were taken out
     * @throws SpoolLockedException if a relay has it open
     */
    public static int takeOut(SpoolConfig config, String identity, List<DamagedRecord> damage)
            throws IOException {
        try (DiskSpool spool = (DiskSpool) Spool.open(config, identity, Clock.systemUTC())) {
            int taken = spool.cutOff() + spool.damageControl().awaitMourned();
            var bySegment = damage.stream().collect(Collectors.groupingBy(
                    DamagedRecord::segment, TreeMap::new, Collectors.toList()));
            for (List<DamagedRecord> ofSegment : bySegment.values()) {
                taken += spool.takeOut(ofSegment).size();
            }
            return taken;
        } catch (InterruptedIOException e) {
            throw new IOException("interrupted", e);
        }
    }

    static DamagedRecord describe(Path file, SegmentScanner.Damage bad) {
        return new DamagedRecord(file, bad.offset(), bad.end(), bad.article()
                .map(LogRecord.Article::id).flatMap(MessageId::parse), bad.what());
    }

    private static long size(Path file) throws IOException {
        try (var channel = FILES.read(file)) {
            return channel.size();
        } catch (NoSuchFileException expired) {
            return 0;
        }
    }
}
