/**
 * Engines that multiply slices by constants of GF(2^16) and add them up, which is all the heavy
 * work of PAR2. {@link net.spillway.fec.engine.SliceEngine} is the interface, {@link
 * net.spillway.fec.engine.ScalarEngine} its specification, {@link
 * net.spillway.fec.engine.Engines#best()} the choice for this JVM. Many recovery slices at a time
 * are computed by {@link net.spillway.fec.engine.SliceTransform}, whose mathematics are in {@code
 * net.spillway.fec.transform}; many MD5s by {@link net.spillway.fec.engine.Md5Lanes}. The vector
 * classes are touched only behind a check, so that everything links on a JVM without {@code
 * jdk.incubator.vector}.
 */
package net.spillway.fec.engine;
