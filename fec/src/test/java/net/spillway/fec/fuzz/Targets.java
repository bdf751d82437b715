package net.spillway.fec.fuzz;

import java.io.ByteArrayOutputStream;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Collector;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.SafeNames;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.PacketScanner;
import net.spillway.fec.packet.PacketVisitor;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Packet;

/** What must hold for any bytes. */
final class Targets {
    private Targets() {}

    /** Packets come in order, lie within the bytes, and problems say something. */
    static void packetReader(byte[] data) {
        PacketScanner.scan("fuzz", data, new Checked(data.length));
        byte[] sealed = Seal.sealed(data);
        PacketScanner.scan("fuzz", sealed, new Checked(sealed.length));
    }

    private static final class Checked implements PacketVisitor {
        private final int length;
        private long last = -1;

        Checked(int length) {
            this.length = length;
        }

        @Override
        public void packet(Par2Packet packet, Hash16 md5, long offset) {
            at(offset);
            switch (packet) {
                case Par2Packet.Main p -> check(p.sliceSize() > 0 && p.sliceSize() % 4 == 0);
                case Par2Packet.FileDesc p -> check(p.length() >= 0);
                case Par2Packet.SliceChecksums p -> check(p.checksums().size() <= 32_768);
                case Par2Packet.RecoverySlice p ->
                        check(p.exponent() >= 0 && p.exponent() < 65_535
                                && p.data().length() <= length);
                case Par2Packet.Creator p -> check(p.text().length() <= length);
                case Par2Packet.UnicodeName p -> check(p.name().length() <= length);
                case Par2Packet.Unknown p -> check(p.type().length() <= 16);
            }
        }

        @Override
        public void problem(PacketProblem problem) {
            at(problem.offset());
            check(!problem.message().isEmpty());
        }

        private void at(long offset) {
            check(offset > last && offset < length);
            last = offset;
        }
    }

    /** A set is either refused with a reason or is one whose slices all have a place. */
    static void setBuilder(byte[] data) throws Par2Exception {
        Par2Collector collector = new Par2Collector();
        collector.add("fuzz", Seal.sealed(data));
        for (Hash16 id : collector.setIds()) {
            Par2Archive archive;
            try {
                archive = collector.archive(id);
            } catch (Par2Exception e) {
                check(!e.getMessage().isEmpty());
                continue;
            }
            checkSet(archive.set());
        }
    }

    private static void checkSet(Par2Set set) throws Par2Exception {
        check(set.sliceCount() <= 32_768 && set.totalLength() >= 0);
        for (int slice = 0; slice < set.sliceCount(); slice++) {
            ParFile file = set.fileOf(slice);
            check(slice >= file.firstSlice() && slice < file.endSlice());
            long end = set.sliceOffset(slice) + set.sliceLength(slice);
            check(set.sliceLength(slice) > 0 && end <= file.length());
        }
        boolean ascii = true;
        for (ParFile file : set.recoverable()) {
            ascii &= file.name().chars().allMatch(c -> c > 0 && c < 128);
            if (isSafe(file.name())) {
                check(!file.name().startsWith("/") && !file.name().contains("../"));
            }
        }
        ascii &= set.others().stream()
                .allMatch(file -> file.name().chars().allMatch(c -> c > 0 && c < 128));
        if (ascii) {
            check(again(set).equals(set));
        }
    }

    private static boolean isSafe(String name) {
        try {
            SafeNames.check(name);
            return true;
        } catch (Par2Exception e) {
            check(!e.getMessage().isEmpty());
            return false;
        }
    }

    private static Par2Set again(Par2Set set) throws Par2Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        set.criticalPackets().forEach(out::writeBytes);
        Par2Collector collector = new Par2Collector();
        collector.add("again", out.toByteArray());
        return collector.archive(set.id()).set();
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("does not hold");
        }
    }
}
