package net.spillway.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A storage class: articles that are kept in a folder of their own, for a time of their own.
 *
 * <p>A group's articles belong to the first class, in the order of the file, that takes them; what
 * none takes stays in the spool's own folder, the class {@link #DEFAULT}. An article in several
 * groups is stored once, in the one of their classes that keeps longest. So a class with a single
 * group is how that group gets limits of its own.
 *
 * @param name what logs and figures call it
 * @param dir its folder, best on a disk of its own
 * @param groups whose articles it takes
 * @param minSize it takes no smaller articles, in octets on the wire
 * @param maxSize it takes no larger ones
 * @param approved true: only articles with an Approved field; false: only those without; empty:
 *     both
 * @param keep for how long
 * @param ifDown what becomes of its articles while they cannot be written
 */
public record StorageConfig(
        String name,
        Path dir,
        Wildmat groups,
        long minSize,
        long maxSize,
        Optional<Boolean> approved,
        Retention keep,
        IfDown ifDown) {

    /** The name of the class that takes what no other does. */
    public static final String DEFAULT = "default";
    /** More classes than disks and groups with limits anybody would want to look after. */
    static final int MAX_CLASSES = 64;

    /** What becomes of articles whose class cannot be written: its disk failed or is full. */
    public enum IfDown {
        /** Senders are asked to come again. */
        LATER,
        /** The next class that takes the article stores it, at last the default one. */
        NEXT
    }

    /** Whether the class takes such an article of that group. */
    public boolean takes(String group, long size, boolean isApproved) {
        return size >= minSize && size <= maxSize
                && approved.orElse(isApproved) == isApproved && groups.matches(group);
    }
}
