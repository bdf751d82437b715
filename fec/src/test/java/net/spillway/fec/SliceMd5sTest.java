package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.packet.Hash16;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SliceMd5sTest {
    private Md5Lanes lanes;

    @BeforeEach
    void needsLanes() {
        var found = Engines.best().md5Lanes();
        assumeTrue(found.isPresent(), "this JVM runs without jdk.incubator.vector");
        lanes = found.get();
    }

    private List<Hash16> compute(byte[] file, long sliceSize) throws Exception {
        List<Hash16> found = new ArrayList<>();
        boolean all =
                new SliceMd5s(lanes, sliceSize)
                        .compute(
                                file.length,
                                (from, dst, offset, len) ->
                                        System.arraycopy(file, (int) from, dst, offset, len),
                                (slice, md5) -> {
                                    assertEquals(found.size(), slice);
                                    return found.add(md5);
                                },
                                at -> assertTrue(at <= file.length));
        assertTrue(all);
        return found;
    }

    @Test
    void everySliceHasTheMd5ThatTheHasherFinds() throws Exception {
        for (int sliceSize : new int[] {4, 60, 64, 1000, 65_536, 65_540, 200_000}) {
            for (int slices : new int[] {1, lanes.lanes(), 2 * lanes.lanes() + 1}) {
                int length = (slices - 1) * sliceSize + 1 + sliceSize / 2;
                byte[] file = TestFiles.random(slices, length);
                FileHasher hasher = new FileHasher(sliceSize);
                hasher.update(file, 0, length);
                List<Hash16> expected =
                        hasher.finish().slices().stream().map(slice -> slice.md5()).toList();
                assertEquals(expected, compute(file, sliceSize));
            }
        }
    }

    @Test
    void groupsOfSlicesGiveTheHashesThatTheHasherFinds() {
        for (int slices : new int[] {lanes.lanes(), 3 * lanes.lanes() - 1}) {
            byte[] file = TestFiles.random(slices, (slices - 1) * 1000 + 10);
            FileHasher hasher = new FileHasher(1000);
            hasher.update(file, 0, file.length);
            SliceGroup group = new SliceGroup(Engines.best(), 1000, slices, true);
            assertEquals(lanes.lanes(), group.slices());
            for (int at = 0; at < file.length; at += group.bytes().length) {
                int n = Math.min(group.bytes().length, file.length - at);
                System.arraycopy(file, at, group.bytes(), 0, n);
                group.hash(n);
            }
            assertEquals(hasher.finish(), group.finish());
        }
    }

    @Test
    void sinkThatHasEnoughGetsNoMore() throws Exception {
        int[] got = {0};
        boolean all =
                new SliceMd5s(lanes, 100)
                        .compute(
                                10_000,
                                (from, dst, offset, len) -> {},
                                (slice, md5) -> ++got[0] < 3,
                                at -> {});
        assertFalse(all);
        assertEquals(3, got[0]);
    }

    @Test
    void fasterWayIsTakenWhenItHasSavedAsMuchAsItCosts() {
        WarmUp warmUp = new WarmUp(1.0);
        assertFalse(warmUp.pays(0.4));
        assertFalse(warmUp.pays(-1));
        assertFalse(warmUp.pays(0.4));
        assertTrue(warmUp.pays(0.4));
        assertTrue(warmUp.pays(0.001));
        assertFalse(warmUp.pays(0));
        assertTrue(new WarmUp(1.0).pays(2));
    }
}
