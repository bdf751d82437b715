/**
 * The field GF(2^16) of PAR2 (polynomial 0x1100B), the constants of its slices and matrices over
 * it. Plain scalar arithmetic: what is written here is the specification, speed lives in {@code
 * net.spillway.fec.engine}. Start at {@link net.spillway.fec.gf.Gf16}.
 */
package net.spillway.fec.gf;
