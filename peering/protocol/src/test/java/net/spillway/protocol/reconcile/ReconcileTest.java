package net.spillway.protocol.reconcile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReconcileTest {
    private static final int MILLION = 1_000_000;
    private static final long START = 1_790_000_000L;
    private static final int WEEK = 7 * 86_400;

    /** A week's articles, evenly spread; article i has tag i. */
    private static final class Week {
        private final long[] times;
        private final byte[][] hashes;

        Week(int articles, long seed) {
            Random random = new Random(seed);
            times = new long[articles];
            hashes = new byte[articles][16];
            for (int i = 0; i < articles; i++) {
                times[i] = START + (long) ((double) i / articles * WEEK);
                random.nextBytes(hashes[i]);
            }
        }

        ArticleSet having(IntPredicate which) {
            ArticleSet.Builder set = ArticleSet.builder(times.length);
            for (int i = 0; i < times.length; i++) {
                if (which.test(i)) {
                    assertTrue(set.add(times[i], hashes[i], i));
                }
            }
            return set.build();
        }

        Set<Long> hashesOf(BitSet articles) {
            Set<Long> highs = new TreeSet<>();
            articles.stream().forEach(i -> highs.add(ByteBuffer.wrap(hashes[i]).getLong()));
            return highs;
        }
    }

    /** What an exchange found and what it took. */
    private static final class Exchange implements Differences {
        private final Set<Long> lackingThere = new TreeSet<>();
        private final Set<Long> lackingHere = new TreeSet<>();
        private int doubles;
        private long onTheWire;
        private int rounds;
        private int longestFrame;

        static Exchange between(ArticleSet ours, ArticleSet theirs) throws ReconcileException {
            Exchange exchange = new Exchange();
            Asker asker = new Asker(ours, exchange);
            Answerer answerer = new Answerer(theirs);
            while (!asker.isDone()) {
                exchange.rounds++;
                List<byte[]> answers = new ArrayList<>();
                for (byte[] frame : asker.frames()) {
                    answers.add(exchange.sent(answerer.answer(exchange.sent(frame))));
                }
                for (byte[] answer : answers) {
                    asker.answered(answer);
                }
            }
            return exchange;
        }

        private byte[] sent(byte[] frame) throws ReconcileException {
            List<String> lines = RangeFrame.toLines(frame);
            lines.forEach(line -> onTheWire += line.length() + 2);
            longestFrame = Math.max(longestFrame, frame.length);
            byte[] received = RangeFrame.ofLines(lines);
            assertArrayEquals(frame, received);
            return received;
        }

        @Override
        public void lackingThere(long tag) {
            doubles += lackingThere.add(tag) ? 0 : 1;
        }

        @Override
        public void lackingHere(long high, long low) {
            doubles += lackingHere.add(high) ? 0 : 1;
        }

        void found(Week week, BitSet onlyHere, BitSet onlyThere) {
            assertEquals(onlyHere.stream().mapToObj(i -> (long) i)
                    .collect(Collectors.toCollection(TreeSet::new)), lackingThere);
            assertEquals(week.hashesOf(onlyThere), lackingHere);
            assertEquals(0, doubles, "each difference is told once");
            assertTrue(longestFrame <= RangeFrame.MAX_OCTETS);
        }

        void cost(long octets, int mostRounds, String what) {
            System.out.printf("%s: %,d octets on the wire, %d round trips%n",
                    what, onTheWire, rounds);
            assertTrue(onTheWire <= octets, what + ": " + onTheWire + " octets on the wire");
            assertTrue(rounds <= mostRounds, what + ": " + rounds + " round trips");
        }
    }

    private static BitSet some(int count, int of, Random random) {
        BitSet some = new BitSet();
        while (some.cardinality() < count) {
            some.set(random.nextInt(of));
        }
        return some;
    }

    private static Exchange scattered(Week week, int differences) throws ReconcileException {
        Random random = new Random(42);
        BitSet onlyHere = some(differences / 2, week.times.length, random);
        BitSet onlyThere = some(differences / 2, week.times.length, random);
        onlyThere.andNot(onlyHere);
        Exchange exchange = Exchange.between(
                week.having(i -> !onlyThere.get(i)), week.having(i -> !onlyHere.get(i)));
        exchange.found(week, onlyHere, onlyThere);
        return exchange;
    }

    @Test
    void aMillionArticlesAreComparedForAboutWhatTheLaboratoryMeasured() throws Exception {
        Week week = new Week(MILLION, 1);
        scattered(week, 0).cost(1_000, 1, "no difference");
        scattered(week, 100).cost(104_500, 5, "100 scattered differences");
        scattered(week, 10_000).cost(5_060_000, 10, "10,000 scattered");
        BitSet window = new BitSet();
        window.set(400_000, 410_000);
        ArticleSet all = week.having(i -> true);
        ArticleSet without = week.having(i -> !window.get(i));
        Exchange away = Exchange.between(without, all);
        away.found(week, new BitSet(), window);
        away.cost(245_000, 10, "an outage window of 10,000, asked by who was away");
        Exchange present = Exchange.between(all, without);
        present.found(week, window, new BitSet());
        present.cost(245_000, 10, "an outage window of 10,000, asked by who was there");
    }

    @Test
    void anyTwoSetsAreToldApart() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int size = random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(40);
            Week week = new Week(size, seed);
            if (random.nextBoolean()) {
                // Many in one second, and hashes that share their beginnings.
                for (int i = 0; i < size; i++) {
                    week.times[i] = START + random.nextInt(3);
                    int common = random.nextInt(16);
                    Arrays.fill(week.hashes[i], 0, common, (byte) 0x80);
                }
            }
            int bias = random.nextInt(100);
            BitSet here = new BitSet();
            BitSet there = new BitSet();
            for (int i = 0; i < size; i++) {
                here.set(i, random.nextInt(100) < bias || random.nextBoolean());
                there.set(i, random.nextInt(100) < bias || random.nextBoolean());
            }
            BitSet onlyHere = (BitSet) here.clone();
            onlyHere.andNot(there);
            BitSet onlyThere = (BitSet) there.clone();
            onlyThere.andNot(here);
            Exchange exchange = Exchange.between(week.having(here::get), week.having(there::get));
            assertEquals(onlyHere.cardinality(), exchange.lackingThere.size(), "seed " + seed);
            assertEquals(onlyThere.cardinality(), count(week, onlyThere), "seed " + seed);
        }
    }

    private static int count(Week week, BitSet articles) {
        return (int) articles.stream().mapToObj(i -> ByteBuffer.wrap(week.hashes[i])).distinct()
                .count();
    }

    @Test
    void articlesAddedTwiceOrOutOfOrderMakeTheSameSet() {
        Week week = new Week(500, 3);
        ArticleSet.Builder shuffled = ArticleSet.builder(2000);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            order.add(i % 500);
        }
        Collections.shuffle(order, new Random(5));
        order.forEach(i -> shuffled.add(week.times[i], week.hashes[i], i));
        ArticleSet set = shuffled.build();
        ArticleSet inOrder = week.having(i -> true);
        assertEquals(500, set.size());
        for (int from = 0; from <= 500; from += 7) {
            for (int to = from; to <= 500; to += 13) {
                assertArrayEquals(inOrder.fingerprint(from, to), set.fingerprint(from, to));
            }
        }
    }

    @Test
    void aFullSetTakesNoMore() {
        ArticleSet.Builder set = ArticleSet.builder(2);
        assertTrue(set.add(1, new byte[16], 0));
        assertTrue(set.add(2, new byte[16], 0));
        assertFalse(set.add(3, new byte[16], 0));
    }

    @Test
    void framesThatMakeNoSenseEndIt() throws Exception {
        Week week = new Week(2000, 6);
        byte[] sound = new Asker(week.having(i -> i % 2 == 0), new Exchange()).frames().getFirst();
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = sound.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            if (random.nextBoolean()) {
                frame = Arrays.copyOf(frame, random.nextInt(frame.length));
            }
            try {
                new Answerer(week.having(j -> j < 20)).answer(frame);
                Asker asker = new Asker(week.having(j -> j < 20), new Exchange());
                asker.frames();
                asker.answered(frame);
            } catch (ReconcileException e) {
                assertFalse(e.getMessage().isBlank());
            }
        }
        assertThrows(ReconcileException.class, () -> new Answerer(week.having(i -> true))
                .answer(new byte[RangeFrame.MAX_OCTETS + 1]));
        assertThrows(ReconcileException.class,
                () -> RangeFrame.ofLines(List.of("no base64 at all!")));
    }

    private static byte[] lie(int seed) throws ReconcileException {
        return new Asker(new Week(50, seed).having(i -> true), new Exchange()).frames().getFirst();
    }

    @Test
    void aLiarIsLetGoAfterSoManyRoundsAndOctets() throws Exception {
        ArticleSet mine = new Week(100_000, 9).having(i -> true);
        Answerer answerer = new Answerer(mine);
        int rounds = 0;
        Set<String> why = new HashSet<>();
        for (int seed = 0; why.isEmpty(); seed++) {
            byte[] lie = lie(seed);
            try {
                answerer.answer(lie);
                rounds++;
            } catch (ReconcileException e) {
                why.add(e.getMessage());
            }
        }
        assertTrue(rounds <= RangeFrame.MAX_ROUNDS);
        Asker asker = new Asker(mine, new Exchange());
        assertThrows(ReconcileException.class, () -> {
            for (int seed = 0; ; seed++) {
                asker.frames();
                asker.answered(lie(seed));
            }
        });
        assertTrue(asker.octets() <= RangeFrame.MAX_TOTAL_OCTETS + RangeFrame.MAX_OCTETS);
    }
}
