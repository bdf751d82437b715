/**
 * The packets of PAR2 2.0 as values, and reading and writing them. {@link
 * net.spillway.fec.packet.PacketScanner} finds packets among any garbage and bounds whatever a
 * hostile file may claim; {@link net.spillway.fec.packet.PacketWriter} makes them. What a set of
 * packets means is decided in {@code net.spillway.fec}.
 */
package net.spillway.fec.packet;
