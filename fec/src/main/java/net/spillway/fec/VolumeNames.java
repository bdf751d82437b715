package net.spillway.fec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of .par2 files as par2cmdline gives them. */
public final class VolumeNames {
    private static final Pattern PAR2 =
            Pattern.compile(
                    "(.+?)(\\.vol\\d{1,9}[+-]\\d{1,9})?\\.par2",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private VolumeNames() {}

    /** A name without {@code .par2} and without {@code .volX+Y}. */
    public static String stem(String name) {
        Matcher m = PAR2.matcher(name);
        return m.matches() ? m.group(1) : name;
    }

    /** Whether that is the name of a volume of a set of that stem. */
    static boolean isVolumeOf(String stem, String name) {
        Matcher m = PAR2.matcher(name);
        return m.matches() && m.group(2) != null && m.group(1).equals(stem);
    }

    /** The name of the file without recovery slices. */
    public static String index(String stem) {
        return stem + ".par2";
    }

    /**
     * The name of a volume, its numbers as wide as those of its siblings.
     *
     * @param behindLast {@link VolumeLayout#largestNumber}
     * @param largest the most recovery slices in any of the volumes
     */
    public static String volume(
            String stem, VolumeLayout.Volume volume, int behindLast, int largest) {
        return stem
                + ".vol"
                + padded(volume.first(), behindLast)
                + "+"
                + padded(volume.count(), largest)
                + ".par2";
    }

    private static String padded(int number, int widest) {
        int width = Integer.toString(widest).length();
        String digits = Integer.toString(number);
        return "0".repeat(width - digits.length()) + digits;
    }
}
