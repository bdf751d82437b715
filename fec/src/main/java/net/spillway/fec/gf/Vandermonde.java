package net.spillway.fec.gf;

/**
 * Powers of different elements in a row of consecutive exponents, inverted in closed form with work
 * proportional to the size of the matrix.
 *
 * <p>Let s_j be the sum over i of d_i·x_i^j for j = 0 .. n-1, P(z) the product of all (z + x_i),
 * and Q_i(z) = P(z) / (z + x_i), a polynomial with coefficients q_ij. The sum over j of q_ij·s_j is
 * the sum over l of d_l·Q_i(x_l) = d_i·Q_i(x_i), since Q_i vanishes at all others (Lagrange). If
 * the exponents begin at e instead of 0, it is d_i·x_i^e that comes out.
 */
public final class Vandermonde {
    private Vandermonde() {}

    /**
     * The inverse of the matrix x_c^(first + r), r and c from 0 to n-1.
     *
     * @param logs the logarithms of the x_c, all different, 0..65534
     * @param first the first exponent, not negative
     * @return row c gives d_c from the sums
     */
    public static char[][] inverse(int[] logs, int first) {
        int n = logs.length;
        char[] product = product(logs);
        char[][] inverse = new char[n][];
        for (int i = 0; i < n; i++) {
            char[] q = quotient(product, logs[i]);
            int scale = Gf16.multiply(value(q, logs[i]), Gf16.exp((long) logs[i] * first));
            int log = Gf16.log(Gf16.inverse(scale));
            for (int j = 0; j < n; j++) {
                q[j] = (char) Gf16.timesExp(q[j], log);
            }
            inverse[i] = q;
        }
        return inverse;
    }

    /** The coefficients of the product of all (z + 2^log), the constant one first. */
    public static char[] product(int[] logs) {
        char[] p = new char[logs.length + 1];
        p[0] = 1;
        for (int l = 0; l < logs.length; l++) {
            for (int j = l + 1; j > 0; j--) {
                p[j] = (char) (p[j - 1] ^ Gf16.timesExp(p[j], logs[l]));
            }
            p[0] = (char) Gf16.timesExp(p[0], logs[l]);
        }
        return p;
    }

    /** The polynomial divided by (z + 2^log), of which it is a multiple (Horner). */
    private static char[] quotient(char[] p, int log) {
        char[] q = new char[p.length - 1];
        int carry = 0;
        for (int j = q.length - 1; j >= 0; j--) {
            carry = p[j + 1] ^ Gf16.timesExp(carry, log);
            q[j] = (char) carry;
        }
        return q;
    }

    private static int value(char[] q, int log) {
        int value = 0;
        for (int j = q.length - 1; j >= 0; j--) {
            value = q[j] ^ Gf16.timesExp(value, log);
        }
        return value;
    }
}
