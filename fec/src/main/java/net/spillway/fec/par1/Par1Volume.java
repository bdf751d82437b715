package net.spillway.fec.par1;

import net.spillway.fec.packet.SliceData;

/**
 * A volume whose MD5 was right.
 *
 * @param number 1..255, or 0 for the index
 * @param data the parity; of the index, the comment
 */
record Par1Volume(Par1Set set, int number, SliceData data) {}
