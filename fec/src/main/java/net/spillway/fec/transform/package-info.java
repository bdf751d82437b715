/**
 * Recovery slices below quadratic cost: the mathematics, one word at a time. A recovery word y_e is
 * the sum of all d_i·2^(k_i·e): the value at 2^e of a polynomial with a coefficient d_i for each
 * slice i. R such values are computed together, with about N·log R multiplications instead of N·R.
 *
 * <p><b>1. Slices take their places.</b> Slice i has the constant 2^k, where k is the i-th positive
 * number without the factors 3, 5, 17 and 257. With k = 3m + c its word goes to place m of class c.
 * Places whose k has one of the other factors stay empty:
 *
 * <pre>
 *   slice i       0    1    2    3    4    5    6    7    8    9
 *   log k         1    2    4    7    8   11   13   14   16   19
 *
 *   place m            0    1    2    3    4    5    6
 *   class c = 1     | d0 | d2 | d3 |  . | d6 | d8 | d9 |      k = 1  4  7 (10) 13  16   19
 *   class c = 2     | d1 |  . | d4 | d5 | d7 |  . |  . |      k = 2 (5) 8  11  14 (17) (20)
 * </pre>
 *
 * <p><b>2. A chirp makes a Hankel matrix of it</b> ({@link Chirp}). Times 2^(k·first)·8^-C(m,2) the
 * words d become g_m. What each does to each recovery word then depends on m + e alone:
 *
 * <pre>
 *            m = 0    1    2    3
 *   e = 0  [   h0   h1   h2   h3  . . ]   [ g0 ]     [ x0 ]      h_j = 8^C(j,2)
 *   e = 1  [   h1   h2   h3   h4  . . ] · [ g1 ]  =  [ x1 ]
 *   e = 2  [   h2   h3   h4   h5  . . ]   [ g2 ]     [ x2 ]      y_e = sum over both classes
 *     :    [    :    :    :    :      ]   [ :  ]     [ :  ]            of 2^(c·e)·8^-C(e,2)·x_e
 * </pre>
 *
 * <p><b>3. The Hankel product is done by transform</b> ({@link ScalarTransform}). E takes n
 * coefficients to values at n points. Columns are cut into blocks of L = n - R + 1 places; each
 * block costs one E, and all blocks of a class share one transposed E:
 *
 * <pre>
 *   places of class c     0 .. L-1            L .. 2L-1           2L .. 3L-1
 *
 *                      [ g    | 0..0 ]     [ g    | 0..0 ]     [ g    | 0..0 ]    L words and
 *                             |                   |                   |           R - 1 zeros
 *                             E                   E                   E
 *                             |                   |                   |
 *                        times E^-T h        times E^-T h        times E^-T h     of the block:
 *                         from h_0 on         from h_L on         from h_2L on    n constants
 *                             |                   |                   |
 *                             +--------- + -------+--------- + -------+
 *                                                 |
 *                                                E^T
 *                                                 |
 *                                       [ x_0 .. x_R-1 | . . . ]     the rest is of no use
 *                                                 |
 *                                      times 2^(c·e)·8^-C(e,2)
 *                                                 |
 *   the same of the other class ----------------- + -----------  y_first .. y_(first+R-1)
 * </pre>
 *
 * <p><b>4. E itself</b> is additions that change the basis ({@link NovelBasis}), then log2 n layers
 * of n/2 butterflies ({@link AdditiveFft}). The points are all sums of the first elements of
 * Cantor's basis ({@link CantorBasis}), numbered by which of them they are made of, so that the
 * factors t of the butterflies are points themselves. For n = 8, with the number of t in each box:
 *
 * <pre>
 *   powers  basis     layer 2       layer 1       layer 0      values at point
 *
 *    f0 ---|     |---[ t0  ]-------[ t0  ]-------[ t0  ]------ 0        a butterfly:
 *    f1 ---|     |---[  |  ]-------[  |  ]-------[     ]------ 1
 *    f2 ---|  X  |---[  |  ]-------[     ]-------[ t2  ]------ 2     u ---+-------.--- u + t·v
 *    f3 ---|  O  |---[  |  ]-------[     ]-------[     ]------ 3          |       |
 *    f4 ---|  R  |---[     ]-------[ t2  ]-------[ t4  ]------ 4         ·t       |
 *    f5 ---|     |---[     ]-------[  |  ]-------[     ]------ 5          |       |
 *    f6 ---|     |---[     ]-------[     ]-------[ t6  ]------ 6     v ---'-------+--- u + t·v + v
 *    f7 ---|     |---[     ]-------[     ]-------[     ]------ 7
 *
 *   partners are 4, 2 and 1 apart; t0 = 0 costs nothing, and t0 .. t255 lie in GF(2^8)
 * </pre>
 *
 * <p>E^T is the same picture read from right to left, each butterfly turned upside down: what was
 * copied is added and what was added is copied. That it computes the transposed matrix at the same
 * cost is Tellegen's principle; that E^T·diag(E^-T h)·E is the Hankel matrix is shown in {@link
 * ScalarTransform}.
 *
 * <p>Start at {@link net.spillway.fec.transform.ScalarTransform}, the specification of every faster
 * version. Those live in {@code net.spillway.fec.engine}: there each "word" is a vector of them,
 * the low bytes apart from the high ones in a basis of GF(2^16) over GF(2^8), so that a factor
 * from GF(2^8) costs half.
 *
 * <p>Sources: L. Bluestein, A linear filtering approach to the computation of discrete Fourier
 * transform (1970); D. Cantor, On arithmetical algorithms over finite fields (1989); S. Lin, W.
 * Chung, Y. Han, Novel polynomial basis and its application to Reed-Solomon erasure codes (2014);
 * S. Lin, T. Al-Naffouri, Y. Han, FFT algorithm for binary extension finite fields (2016).
 */
package net.spillway.fec.transform;
