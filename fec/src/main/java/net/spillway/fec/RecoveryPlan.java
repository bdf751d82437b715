package net.spillway.fec;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What to do about lost slices, decided from counts alone: no data is looked at. */
public sealed interface RecoveryPlan {
    /** No slice is missing. */
    record Whole() implements RecoveryPlan {}

    /**
     * Enough recovery slices are there.
     *
     * @param missing indices of the missing slices
     * @param exponents exponents of all recovery slices at hand, lowest first; at least as many as
     *     are missing
     */
    record Repairable(List<Integer> missing, List<Integer> exponents) implements RecoveryPlan {
        public Repairable {
            missing = List.copyOf(missing);
            exponents = List.copyOf(exponents);
        }
    }

    /**
     * Recovery slices are lacking.
     *
     * @param missing how many slices are missing
     * @param available how many different recovery slices are at hand
     */
    record Lacking(int missing, int available) implements RecoveryPlan {
        /** How many more recovery slices (or slices) would be needed. */
        public int lacking() {
            return missing - available;
        }
    }

    /**
     * Decides.
     *
     * @param sliceCount how many slices the set has
     * @param available which of them are at hand
     * @param exponents of the recovery slices at hand; repeated ones count once
     */
    static RecoveryPlan of(int sliceCount, BitSet available, Collection<Integer> exponents) {
        BitSet missing = new BitSet(sliceCount);
        missing.set(0, sliceCount);
        missing.andNot(available);
        TreeSet<Integer> distinct = new TreeSet<>(exponents);
        int lost = missing.cardinality();
        if (lost == 0) {
            return new Whole();
        }
        if (lost > distinct.size()) {
            return new Lacking(lost, distinct.size());
        }
        return new Repairable(missing.stream().boxed().toList(), List.copyOf(distinct));
    }
}
