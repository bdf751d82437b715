package net.spillway.conf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the {@code [[storage]]} tables and checks them against each other. */
final class StorageReader {
    private static final String NEVER = "never";
    private static final String UNLIMITED = "unlimited";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final FileChecks files;
    private final Path base;
    private final Set<String> names = new HashSet<>();
    private final Map<Path, String> classOf = new HashMap<>();

    StorageReader(FileChecks files, Path base, Path spool) {
        this.files = files;
        this.base = base;
        classOf.put(spool, "the spool");
    }

    List<StorageConfig> readAll(List<Section> sections) {
        List<StorageConfig> classes = new ArrayList<>();
        for (Section section : sections) {
            classes.add(read(section));
            section.done();
        }
        if (classes.size() > StorageConfig.MAX_CLASSES) {
            sections.get(StorageConfig.MAX_CLASSES).problem("name", "there are "
                    + classes.size() + " storage classes, more than " + StorageConfig.MAX_CLASSES,
                    "put groups together that are kept equally long");
        }
        return classes;
    }

    private StorageConfig read(Section section) {
        String name = name(section);
        Path dir = dir(section, name);
        long minSize = section.size("min_size", 0, 0, Long.MAX_VALUE);
        long maxSize = limit(section, "max_size", 1).orElse(Long.MAX_VALUE);
        if (minSize > maxSize) {
            section.problem("min_size", new ByteSize(minSize) + " is more than max_size ("
                    + new ByteSize(maxSize) + "), so that no article fits",
                    "make max_size the larger one");
        }
        return new StorageConfig(name, dir,
                section.parsed("groups", Wildmat::parse).orElse(Wildmat.ALL), minSize, maxSize,
                section.has("approved") ? Optional.of(section.flag("approved", true))
                        : Optional.empty(),
                retention(section),
                section.parsed("if_down", StorageReader::ifDown)
                        .orElse(StorageConfig.IfDown.LATER));
    }

    private String name(Section section) {
        String name = section.requiredText("name", "binaries");
        if (!name.isEmpty() && !name.matches(NAME)) {
            section.problem("name", "\"" + name + "\" cannot be a storage class's name",
                    "use letters, digits, dots, hyphens and underscores, 64 at most");
        } else if (name.equals(StorageConfig.DEFAULT)) {
            section.problem("name", "\"" + name + "\" is what [spool] itself is called",
                    "choose another name");
        } else if (!name.isEmpty() && !names.add(name)) {
            section.problem("name", "there are two storage classes of the name \"" + name + "\"",
                    "give one of them another");
        }
        return name;
    }

    /**
     * A folder that is missing is no mistake: its disk may have failed, and that must not keep the
     * relay from starting.
     */
    private Path dir(Section section, String name) {
        if (!section.has("dir")) {
            section.problem("dir", "is missing", "name a folder on the disk meant for it");
            return base;
        }
        Optional<Path> given = files.path(section, "dir");
        if (given.isEmpty()) {
            return base;
        }
        Path dir = given.get();
        if (Files.exists(dir) && !Files.isDirectory(dir)) {
            section.problem("dir", dir + " is not a folder", "name another, or move it away");
        }
        String other = classOf.putIfAbsent(dir, "\"" + name + "\"");
        if (other != null) {
            section.problem("dir", dir + " is the folder of " + other + " already",
                    "give each storage class a folder of its own");
        }
        return dir;
    }

    /** The keys that say how long articles are kept. */
    static Retention retention(Section section) {
        Optional<Duration> maxAge =
                section.says("max_age", NEVER) ? Optional.empty()
                        : section.parsed("max_age", Durations::parse);
        OptionalLong maxBytes = limit(section, "max_bytes", 1 << 20);
        Duration minAge = section.parsed("min_age", Durations::parse).orElse(Duration.ZERO);
        if (maxAge.isPresent() && minAge.compareTo(maxAge.get()) > 0) {
            section.problem("min_age", Durations.format(minAge) + " is longer than max_age ("
                    + Durations.format(maxAge.get()) + ")", "make max_age the longer one");
        }
        return new Retention(maxAge, maxBytes, minAge);
    }

    private static OptionalLong limit(Section section, String key, long min) {
        boolean limited = section.has(key) && !section.says(key, UNLIMITED);
        return limited ? OptionalLong.of(section.size(key, min, min, Long.MAX_VALUE))
                : OptionalLong.empty();
    }

    private static StorageConfig.IfDown ifDown(String text) {
        return switch (text) {
            case "later" -> StorageConfig.IfDown.LATER;
            case "next" -> StorageConfig.IfDown.NEXT;
            default -> throw new IllegalArgumentException(
                    "\"" + text + "\" is no choice; write \"later\" or \"next\"");
        };
    }
}
