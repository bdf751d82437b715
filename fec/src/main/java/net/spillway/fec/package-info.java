/**
 * Forward error correction: PAR2 2.0 sets (PAR1 in {@link net.spillway.fec.par1}) created, verified
 * and repaired, compatible both ways with
 * par2cmdline. For files start at {@link net.spillway.fec.Par2Creator}, {@link
 * net.spillway.fec.Par2Archive}, {@link net.spillway.fec.Par2Verifier} and {@link
 * net.spillway.fec.Par2Repairer}; for data that streams by at {@link
 * net.spillway.fec.ParityEncoder}, {@link net.spillway.fec.FileHasher}, {@link
 * net.spillway.fec.Par2SetBuilder} and {@link net.spillway.fec.StreamRepairer}. Uses nothing of the
 * rest of Spillway.
 */
package net.spillway.fec;
