package net.spillway.fec.par1;

import net.spillway.fec.packet.Hash16;

/**
 * A file of a set.
 *
 * @param name without folders; not checked for safety
 * @param saved whether parity was made for it
 * @param length bytes
 * @param md5 MD5 of all of it
 * @param md5of16k MD5 of its first 16 KiB; some programs wrote a wrong one: nothing depends on it
 */
public record Par1File(String name, boolean saved, long length, Hash16 md5, Hash16 md5of16k) {
    /** True if it can be brought back: by parity, or because nothing is in it. */
    public boolean recoverable() {
        return saved || length == 0;
    }
}
