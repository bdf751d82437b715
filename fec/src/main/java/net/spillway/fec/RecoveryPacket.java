package net.spillway.fec;

import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketFormat;
import net.spillway.fec.packet.PacketWriter;

/** Recovery packets as they are posted and written: one packet, one slice. */
public final class RecoveryPacket {
    /** Bytes of a recovery packet besides its slice. */
    public static final int OVERHEAD = PacketFormat.RECOVERY_HEADER;

    private RecoveryPacket() {}

    /** The packet of a recovery slice: {@value #OVERHEAD} bytes and the slice. */
    public static byte[] bytes(Hash16 setId, int exponent, byte[] slice) {
        return PacketWriter.recovery(setId, exponent, slice);
    }
}
