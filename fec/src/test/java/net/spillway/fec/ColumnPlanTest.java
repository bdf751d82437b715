package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** As many columns are taken at a time as the bound on memory allows, if that is few. */
class ColumnPlanTest {
    private static final long MIB = 1 << 20;

    private static ColumnPlan plan(long memory, int slices, int recovery, long sliceSize) {
        return ColumnPlan.of(
                TestFiles.options().withMemory(memory), slices, recovery, sliceSize);
    }

    @Test
    void boundHoldsForSetsOfAnyNumberOfSlices() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            long memory = MIB << random.nextInt(10);
            int slices = random.nextInt(1, 32_769);
            int recovery = random.nextInt(0, 40_000);
            long rows = slices + (long) recovery;
            long size = 4L * random.nextInt(1, 1 << random.nextInt(1, 20));
            ColumnPlan plan = plan(memory, slices, recovery, size);
            assertTrue(rows * plan.columns() <= Math.max(memory, rows * 512), plan.toString());
            assertTrue((long) plan.columns() * plan.chunks() >= size, plan.toString());
            assertTrue((plan.chunks() - 1L) * plan.columns() < size, plan.toString());
            assertTrue(plan.isWhole() || plan.columns() % 64 == 0, plan.toString());
        }
    }

    @Test
    void fewColumnsAreTakenOnlyIfTheBoundLeavesNoMore() {
        assertEquals(new ColumnPlan(4096, 2), plan(1024 * MIB, 32_768, 3276, 8192));
        assertEquals(new ColumnPlan(512, 16), plan(MIB, 32_768, 3276, 8192));
        ColumnPlan repair = ColumnPlan.forRepair(
                TestFiles.options().withMemory(32 * MIB), 1, 32_768, 3276, 8192);
        assertTrue(repair.columns() * 36_056L <= 32 * MIB, repair.toString());
        ColumnPlan shared = ColumnPlan.forRepair(
                TestFiles.options(), 2, 900, 100, 1_073_744);
        assertEquals(0, shared.chunks() % 2, shared.toString());
        assertTrue(shared.columns() * 1016L <= 64 * MIB, shared.toString());
        ColumnPlan far = ColumnPlan.within(32 * MIB, 32_768, 3276, 8192);
        assertTrue(far.columns() * 36_044L <= 32 * MIB, far.toString());
        assertTrue(ColumnPlan.within(1024 * MIB, 32_768, 3276, 8192).isWhole());
    }

    private static RepairShares shares(int threads, int slices, int lost, long sliceSize) {
        ParityOptions options = TestFiles.options().withThreads(threads).withMemory(1024 * MIB);
        return RepairShares.of(options, RepairShares.most(threads), slices, lost, sliceSize);
    }

    @Test
    void moreWorkersTakeNoMoreMemoryThanOne() {
        RepairShares many = shares(4, 32_768 - 3276, 3276, MIB);
        assertEquals(1, many.workers());
        assertEquals(4, many.each(0).threads());
        assertEquals(4096, many.plan().columns());
        RepairShares few = shares(4, 900, 100, MIB);
        assertEquals(4, few.workers());
        Random random = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            int slices = random.nextInt(1, 32_769);
            int lost = random.nextInt(1, slices + 1);
            long size = 4L * random.nextInt(1, 1 << random.nextInt(1, 22));
            int threads = random.nextInt(1, 17);
            RepairShares shares = shares(threads, slices - lost, lost, size);
            long rows = slices + 30L;
            long one = rows * shares(1, slices - lost, lost, size).plan().columns();
            long all = shares.workers() * rows * shares.plan().columns();
            assertTrue(all <= Math.max(128 * MIB, one), shares.toString());
        }
    }

    @Test
    void noThreadIsLeftOver() {
        for (int threads = 1; threads < 40; threads++) {
            RepairShares shares = shares(threads, 900, 100, MIB);
            int sum = 0;
            for (int worker = 0; worker < shares.workers(); worker++) {
                sum += shares.each(worker).threads();
            }
            assertEquals(threads, sum);
        }
        assertEquals(4, shares(5, 900, 100, MIB).workers());
        assertEquals(3, shares(6, 900, 100, MIB).workers());
        assertEquals(3, shares(7, 900, 100, MIB).workers());
        assertEquals(4, shares(8, 900, 100, MIB).workers());
    }
}
