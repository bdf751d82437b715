package net.spillway.fec.par1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import net.spillway.fec.packet.Hash16;

/** The bytes of a volume before its parity. */
final class Par1Writer {
    private final byte[] list;
    private final Par1Set set;

    Par1Writer(Par1Set set) {
        this.set = set;
        ByteBuffer out = little(set.files().stream().mapToInt(Par1Writer::entryLength).sum());
        for (Par1File file : set.files()) {
            out.putLong(entryLength(file));
            out.putLong(file.saved() ? Par1Format.SAVED : 0).putLong(file.length());
            file.md5().put(out);
            file.md5of16k().put(out);
            out.put(file.name().getBytes(StandardCharsets.UTF_16LE));
        }
        list = out.array();
    }

    private static int entryLength(Par1File file) {
        return Par1Format.ENTRY + 2 * file.name().length();
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many bytes come before the parity. */
    int length() {
        return Par1Format.HEADER + list.length;
    }

    /**
     * Everything before the parity but for the MD5, which is zeros.
     *
     * @param parity how many bytes of parity follow
     */
    byte[] head(int number, long parity) {
        ByteBuffer out = little(length());
        out.put(Par1Format.MAGIC).putInt(Par1Format.VERSION).putInt(Par1Format.PROGRAM);
        set.id().put(out.position(Par1Format.HASHED_FROM));
        out.putLong(number).putLong(set.files().size());
        out.putLong(Par1Format.HEADER).putLong(list.length);
        out.putLong(length()).putLong(parity);
        return out.put(list).array();
    }

    /** The MD5 of a volume as far as its head goes. */
    static MessageDigest start(byte[] head) {
        MessageDigest md5 = Hash16.newMd5();
        md5.update(head, Par1Format.HASHED_FROM, head.length - Par1Format.HASHED_FROM);
        return md5;
    }

    /** Puts the MD5 of the whole volume into its head. */
    static byte[] finished(byte[] head, Hash16 md5) {
        byte[] finished = Arrays.copyOf(head, head.length);
        md5.put(ByteBuffer.wrap(finished, 16, Hash16.BYTES));
        return finished;
    }
}
