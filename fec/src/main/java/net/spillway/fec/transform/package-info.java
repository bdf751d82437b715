/**
 * Recovery slices below quadratic cost: the mathematics, one word at a time. A recovery word is the
 * value of a polynomial with many coefficients at powers of 2, and the transform computes all of
 * them together:
 *
 * <pre>
 *  words of slices       d_k          k = log of the slice's constant, cut into two
 *        |                            classes k = 3m + c; m is the place of a word
 *        |  times 2^(k·first) · 8^-C(m,2)                        {@link Chirp}
 *        v
 *  places of a block     g_t          t = m - start, fewer than n - R + 1 of them
 *        |  monomial basis to polynomials s_i                     {@link NovelBasis}
 *        |  values at n points, Cantor's order                    {@link AdditiveFft}
 *        v
 *  values                v_j
 *        |  times the transformed chirp of the block
 *        v
 *  sums over all blocks  a_j
 *        |  both steps transposed, in the opposite order
 *        v
 *  places 0..R-1         x_e
 *        |  times 2^(c·e) · 8^-C(e,2), added up over both classes
 *        v
 *  recovery words        y_e
 * </pre>
 *
 * <p>For R recovery words of N words that is some N·log R multiplications instead of N·R. Start at
 * {@link net.spillway.fec.transform.ScalarTransform}, the specification of every faster one, which
 * live in {@code net.spillway.fec.engine}.
 *
 * <p>Sources: L. Bluestein, A linear filtering approach to the computation of discrete Fourier
 * transform (1970); D. Cantor, On arithmetical algorithms over finite fields (1989); S. Lin, W.
 * Chung, Y. Han, Novel polynomial basis and its application to Reed-Solomon erasure codes (2014);
 * S. Lin, T. Al-Naffouri, Y. Han, FFT algorithm for binary extension finite fields (2016). That a
 * transposed algorithm costs as much as the algorithm itself is Tellegen's principle.
 */
package net.spillway.fec.transform;
