package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.tools.CommandFailure;
import org.junit.jupiter.api.Test;

class SplitterTest {
    private static final int PART = PostRequest.DEFAULT_PART_SIZE;

    @Test
    void anArticleCarriesOneSlice() {
        assertEquals(new Split(PART, PART, 1498, 150),
                Splitter.plan(List.of(1L << 30), 0.10, PART));
    }

    @Test
    void slicesAreMultiplesOfFour() {
        assertEquals(9996, Splitter.plan(List.of(1L << 24), 0.10, 9999).sliceSize());
    }

    @Test
    void aboveTheMostSlicesOneSliceIsSeveralWholeArticles() {
        Split split = Splitter.plan(List.of(100L << 30), 0.05, PART);
        assertEquals(PART, split.articleSize());
        assertEquals(5 * PART, split.sliceSize());
        assertEquals(5, split.articlesPerSlice());
        assertTrue(split.dataSlices() <= Splitter.MOST_SLICES);
        assertEquals(Math.ceilDiv(split.dataSlices(), 20), split.recoverySlices());
    }

    @Test
    void smallPostsHaveSmallArticlesSoThatOneMayBeLost() {
        Split split = Splitter.plan(List.of(5_000_000L), 0.10, PART);
        assertEquals(split.articleSize(), split.sliceSize());
        assertTrue(split.recoverySlices() >= 1, split.toString());
    }

    @Test
    void aFewKilobytesHaveOneRecoverySliceForOneLostArticle() {
        assertEquals(new Split(20, 20, 1, 1), Splitter.plan(List.of(17L), 0.10, PART));
        assertEquals(new Split(1000, 1000, 1, 1), Splitter.plan(List.of(1000L), 0.10, PART));
        assertEquals(new Split(1024, 1024, 5, 1), Splitter.plan(List.of(5000L), 0.10, PART));
        assertEquals(new Split(1024, 1024, 6, 1),
                Splitter.plan(List.of(1500L, 1500L, 1500L), 0.10, PART));
    }

    @Test
    void tinyFilesBesideASmallOneKeepTheirSmallSlices() {
        List<Long> lengths = Stream.concat(
                Stream.of(1500L), Collections.nCopies(100, 20L).stream()).toList();
        Split split = Splitter.plan(lengths, 0.10, PART);
        assertTrue(split.sliceSize() < 100, split.toString());
        assertTrue(split.recoverySlices() * split.sliceSize() >= 1024, split.toString());
    }

    @Test
    void manySmallFilesBesideALargeOneMakeSmallSlicesInLargeArticles() {
        List<Long> lengths = Stream.concat(Stream.of(64L << 20),
                Collections.nCopies(1000, 1000L).stream()).toList();
        Split split = Splitter.plan(lengths, 0.10, PART);
        assertTrue(split.articleSize() > PART / 2, split.toString());
        assertTrue(split.recoverySlices() > 400, split.toString());
    }

    @Test
    void withoutRedundancyThereIsNoParityAndNothingIsCutSmall() {
        assertEquals(new Split(PART, PART, 1, 0), Splitter.plan(List.of(10L), 0, PART));
        assertEquals(new Split(PART, PART, 40_000, 0),
                Splitter.plan(Collections.nCopies(40_000, 10L), 0, PART), "there is no set");
        assertEquals(new Split(PART, 5 * PART, 29_960, 0),
                Splitter.plan(List.of(100L << 30), 0, PART));
    }

    @Test
    void tooManyFilesAreRefused() {
        CommandFailure e = assertThrows(CommandFailure.class,
                () -> Splitter.plan(Collections.nCopies(32769, 1L), 0.10, PART));
        assertTrue(e.getMessage().contains("32769 files"), e.getMessage());
    }

    /** For any input: the rules that everything else relies on. */
    @Test
    void rulesHoldForAllSorts() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            int files = 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
            long most = 1L << 1 + random.nextInt(36);
            List<Long> lengths = random.longs(files, 0, most).boxed().toList();
            double redundancy = random.nextInt(100) / 100.0;
            int part = 1024 + random.nextInt(2_000_000);
            check(lengths, redundancy, part);
        }
    }

    private static void check(List<Long> lengths, double redundancy, int part) {
        Split split = Splitter.plan(lengths, redundancy, part);
        String what = lengths + " " + redundancy + " " + part + " -> " + split;
        long data = lengths.stream().mapToLong(Long::longValue).sum();
        assertEquals(0, split.sliceSize() % 4, what);
        assertTrue(split.articleSize() <= part && split.articleSize() > 0, what);
        assertTrue(redundancy == 0 || split.dataSlices() <= Splitter.MOST_SLICES, what);
        assertEquals(lengths.stream().mapToLong(n -> Math.ceilDiv(n, split.sliceSize())).sum(),
                split.dataSlices(), what);
        double parity = (double) split.recoverySlices() * split.sliceSize();
        long article = Math.ceilDiv(Math.min(split.articleSize(), Collections.max(lengths)),
                split.sliceSize());
        assertTrue(redundancy == 0 || split.recoverySlices() >= article,
                "one lost article can be made good: " + what);
        assertTrue(parity <= Math.max(1.2 * redundancy * data + 1e-3, Math.min(
                article * split.sliceSize(), 2 * 1024)), what);
        if (data > 100 && redundancy > 0.05) {
            assertTrue(parity >= 0.5 * redundancy * data, what);
        }
    }
}
