package net.spillway.fec.engine;

import net.spillway.fec.transform.Chirp;
import net.spillway.fec.transform.LostSlices;

/**
 * Which transforms suit some lost slices, and what solving by them costs compared with multiplying
 * by the inverse matrix. No data is looked at. Costs count as those of {@link TransformBands}.
 */
public final class SolverPlan {
    private static final int MOST_POINTS_LOG = 16;

    private final int lost;
    private final int productLog;
    private final int valuesLog;
    private final double cost;

    /** A plan for lost slices, whose indices are ascending. */
    public SolverPlan(int[] slices) {
        lost = slices.length;
        productLog = Math.max(VectorFft.BLOCK_LOG, LostSlices.productLog(lost));
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int m = Math.max(VectorFft.BLOCK_LOG, LostSlices.valuesLog(lost));
                m <= MOST_POINTS_LOG; m++) {
            double values = valuesCost(slices, m);
            if (values < least) {
                least = values;
                best = m;
            }
        }
        valuesLog = best;
        cost = 14.0 * lost + 2 * transform(productLog) + least;
    }

    private static double valuesCost(int[] slices, int m) {
        double cost = 0;
        for (int cls = 0; cls < Chirp.CLASSES; cls++) {
            int length = LostSlices.blockLength(slices.length, m);
            int blocks = LostSlices.blocks(slices, cls, length).size();
            cost += slices.length + (blocks + (blocks == 0 ? 0 : 1)) * transform(m);
        }
        return cost;
    }

    /** A transform one way and the products; measured, as those for many slices take less. */
    private static double transform(int m) {
        return (1 << m) * (0.8 + m);
    }

    int productLog() {
        return productLog;
    }

    int valuesLog() {
        return valuesLog;
    }

    /** Cost of an element of all lost slices. */
    public double transformCost() {
        return cost;
    }

    /** Cost of an element of all lost slices by matrix. */
    public double directCost() {
        return (double) lost * lost;
    }
}
