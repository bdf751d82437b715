package net.spillway.tools.cli;

import net.spillway.fec.VolumeLayout;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** How much parity is wanted, as {@code -r} of par2cmdline says it. */
sealed interface Par2Redundancy {
    /** In per cent of blocks. */
    record Percent(Percentage percentage) implements Par2Redundancy {}

    /** So many octets of .par2 files altogether. */
    record Size(long bytes) implements Par2Redundancy {
        /** What par2cmdline reckons a volume takes besides for each block of the files. */
        private static final long VOLUME_PER_BLOCK = 21;

        /** And a recovery block besides its data. */
        private static final long PACKET = 70;

        /** How many volumes it expects before it knows how many there will be. */
        private static final long EXPECTED_VOLUMES = 15;

        /**
         * As many recovery blocks as fit, reckoned as par2cmdline does.
         *
         * @param blocks of the files
         * @param volumes how many there will be; 0 if that follows from the layout
         */
        int recoveryBlocks(long blocks, long blockSize, VolumeLayout layout, int volumes) {
            long count = volumes > 0 ? volumes : layout.volumes(0, Math.toIntExact(
                    fitting(EXPECTED_VOLUMES, blocks, blockSize))).size();
            long fitting = fitting(count, blocks, blockSize);
            if (fitting == 0) {
                throw new CommandFailure(ExitCode.USAGE, "-r: " + bytes
                        + " octets have no room for one recovery block of " + blockSize);
            }
            return Math.toIntExact(fitting);
        }

        private long fitting(long volumes, long blocks, long blockSize) {
            long overhead = volumes * blocks * VOLUME_PER_BLOCK;
            return overhead > bytes ? 1
                    : Math.min((bytes - overhead) / (blockSize + PACKET), Integer.MAX_VALUE);
        }
    }

    /** Reads {@code 10}, {@code 7.5%}, or par2cmdline's {@code k700}, {@code m100}, {@code g1}. */
    static Par2Redundancy parse(String text) {
        String size = text.strip();
        if (!size.matches("[kmg]\\d{1,9}")) {
            return new Percent(Percentage.parse(text));
        }
        int shift = 10 * (1 + "kmg".indexOf(size.charAt(0)));
        return new Size(Long.parseLong(size.substring(1)) << shift);
    }
}
