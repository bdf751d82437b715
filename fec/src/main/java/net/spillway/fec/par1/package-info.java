/**
 * PAR1, the format before PAR2 ({@code .par}, {@code .p01}...): created, verified and repaired, the
 * arithmetic by JavaReedSolomon. Here a file is what a slice is in PAR2, so a damaged byte costs
 * the whole file and every volume is as long as the longest one. Start at {@link
 * net.spillway.fec.par1.Par1Archive}, {@link net.spillway.fec.par1.Par1Verifier}, {@link
 * net.spillway.fec.par1.Par1Repairer} and {@link net.spillway.fec.par1.Par1Creator}.
 */
package net.spillway.fec.par1;
