package net.spillway.fec.gf;

/**
 * Arithmetic in GF(2^16) modulo x^16 + x^12 + x^3 + x + 1 (0x1100B), the field of PAR2 2.0.
 * Elements are ints 0..65535; addition is XOR; 2 generates the multiplicative group, whose order is
 * 65535.
 */
public final class Gf16 {
    /** The field polynomial. */
    public static final int POLYNOMIAL = 0x1100B;

    /** Number of non-zero elements: exponents of 2 count modulo this. */
    public static final int ORDER = 65535;

    /** Twice the period, so that the sum of two logarithms needs no reduction. */
    private static final char[] EXP = new char[2 * ORDER];

    private static final char[] LOG = new char[65536];

    static {
        int x = 1;
        for (int i = 0; i < ORDER; i++) {
            EXP[i] = (char) x;
            EXP[i + ORDER] = (char) x;
            LOG[x] = (char) i;
            x = twice(x);
        }
    }

    private Gf16() {}

    /** The product of {@code a} and {@code b}. */
    public static int multiply(int a, int b) {
        return a == 0 || b == 0 ? 0 : EXP[LOG[a] + LOG[b]];
    }

    /** The product of {@code a} and 2^{@code log}, {@code log} in 0..65534. */
    static int timesExp(int a, int log) {
        return a == 0 ? 0 : EXP[LOG[a] + log];
    }

    /** The product of {@code a} with 2. */
    public static int twice(int a) {
        int doubled = a << 1;
        return doubled > 65535 ? doubled ^ POLYNOMIAL : doubled;
    }

    /** The element that gives 1 when multiplied by {@code a}; {@code a} is not 0. */
    public static int inverse(int a) {
        return EXP[ORDER - log(a)];
    }

    /** The quotient {@code a / b}; {@code b} is not 0. */
    public static int divide(int a, int b) {
        int divisor = log(b);
        return a == 0 ? 0 : EXP[LOG[a] + ORDER - divisor];
    }

    /** The logarithm of {@code a} to base 2, 0..65534; {@code a} is not 0. */
    public static int log(int a) {
        if (a == 0) {
            throw new ArithmeticException("0 has neither logarithm nor inverse in GF(2^16)");
        }
        return LOG[a];
    }

    /** 2 to the power of {@code exponent}, which is any non-negative number. */
    public static int exp(long exponent) {
        return EXP[(int) (exponent % ORDER)];
    }

    /** {@code a} to the power of {@code exponent}; 0 to the power of 0 is 1. */
    public static int power(int a, int exponent) {
        if (a == 0) {
            return exponent == 0 ? 1 : 0;
        }
        return exp((long) LOG[a] * exponent);
    }
}
