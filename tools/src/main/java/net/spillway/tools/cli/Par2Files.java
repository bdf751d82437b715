package net.spillway.tools.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.VolumeNames;
import net.spillway.fec.par1.Par1Archive;
import net.spillway.fec.par1.Par1Names;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mixin: the files of a set that is there already, as its user names them. */
abstract class Par2Files {
    private static final byte[] MAGIC = "PAR2\0PKT".getBytes(StandardCharsets.US_ASCII);

    @Option(names = {"-a", "--archive"}, paramLabel = "PAR2-FILE",
            description = "The .par2 file; all files named otherwise are then further ones.")
    private Path archive;

    /** In the help of each command that has such files. */
    static final String FIRST = "First any .par2 file of the set, or its name without .par2; the"
            + " others beside it are found. PAR1 (.par, .p01...) is understood too.";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The files as they were named. */
    abstract List<Path> named();

    /**
     * The set's first file, those that have packets of it, others, and what was named but is no
     * file.
     *
     * @param named those of the volumes that were named, not found beside the first
     */
    record Given(Path first, boolean par1, List<Path> volumes, Set<Path> named, List<Path> extras,
            List<Path> leftOut) {
        /** Says what was left out: folders come with a *, other things by mistake. */
        void tell(Par2Progress progress) {
            for (Path file : leftOut) {
                if (Files.isDirectory(file)) {
                    progress.note(file + ": left out, this is a folder");
                } else {
                    progress.warn(file + ": left out, there is no such file");
                }
            }
        }

        Par2Archive openPar2(ParityOptions options) throws IOException {
            return Par2Archive.open(volumes, options);
        }

        Par1Archive openPar1() throws IOException {
            return Par1Archive.open(volumes);
        }
    }

    Given given() throws IOException {
        List<Path> named = named();
        if (archive == null && named.isEmpty()) {
            throw new ParameterException(command.commandLine(), "Say which .par2 file.");
        }
        Path name = archive == null ? named.getFirst() : archive;
        Path first = first(Par2Names.onDisk(name).stream().findFirst().orElse(name));
        boolean par1 = Par1Names.isVolume(first);
        Set<Path> volumes = new LinkedHashSet<>();
        for (Path file : par1
                ? Par1Archive.volumesBeside(first) : Par2Archive.volumesBeside(first)) {
            volumes.add(file.toRealPath());
        }
        Set<Path> namedVolumes = new LinkedHashSet<>(List.of(first.toRealPath()));
        List<Path> extras = new ArrayList<>();
        List<Path> leftOut = new ArrayList<>();
        for (Path file : onDisk(archive == null ? named.subList(1, named.size()) : named)) {
            if (!Files.isRegularFile(file)) {
                leftOut.add(file);
            } else if (par1 ? Par1Names.isVolume(file) : isPar2(file)) {
                namedVolumes.add(file.toRealPath());
            } else {
                extras.add(file);
            }
        }
        volumes.addAll(namedVolumes);
        return new Given(first, par1, List.copyOf(volumes), namedVolumes, extras, leftOut);
    }

    private static List<Path> onDisk(List<Path> named) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (Path path : named) {
            List<Path> there = Par2Names.onDisk(path);
            paths.addAll(there.isEmpty() ? List.of(path) : there);
        }
        return paths;
    }

    /** The file that a name stands for: itself, with an ending, or the volumes of a lost index. */
    private static Path first(Path name) throws IOException {
        if (Files.isDirectory(name)) {
            throw new CommandFailure(
                    ExitCode.USAGE, name + ": this is a folder; name a .par2 file in it");
        }
        if (name.getFileName() == null) {
            throw new CommandFailure(ExitCode.USAGE, "\"" + name + "\" is no name of a file");
        }
        if (Files.isRegularFile(name) && (isPar2(name) || Par1Names.isVolume(name))) {
            return name;
        }
        for (String ending : List.of(".par2", ".PAR2", ".par", ".PAR")) {
            Path longer = name.resolveSibling(name.getFileName() + ending);
            if (Files.isRegularFile(longer)) {
                return longer;
            }
        }
        if (Files.isRegularFile(name)) {
            return name; // What is wrong with it will be said when it has been read.
        }
        return volumeOfLostIndex(name).orElseThrow(() -> new CommandFailure(ExitCode.USAGE, name
                + ": there is no such file, nor any volume of that name"));
    }

    private static Optional<Path> volumeOfLostIndex(Path index) throws IOException {
        String name = index.getFileName().toString();
        Path folder = index.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<Path> par2 = firstBeside(index, file -> isPar2Name(file)
                && VolumeNames.stem(file.getFileName().toString()).equals(VolumeNames.stem(name)));
        return par2.isPresent() ? par2 : firstBeside(index, file -> {
            String other = file.getFileName().toString();
            return Par1Names.isVolumeName(other)
                    && Par1Names.stem(other).equals(Par1Names.stem(name));
        });
    }

    private static Optional<Path> firstBeside(Path file, Predicate<Path> fits)
            throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(
                file.toAbsolutePath().getParent(),
                entry -> fits.test(entry) && Files.isRegularFile(entry))) {
            folder.forEach(found::add);
        }
        return found.stream().sorted().findFirst().map(file::resolveSibling);
    }

    /** The .par2 files that a set lies in, of which nobody needs any for something else. */
    static List<Path> parity(Par2Archive archive) {
        return archive.files().stream().filter(Par2Files::isPar2Name).toList();
    }

    static boolean isPar2Name(Path file) {
        return file.getFileName() != null
                && file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".par2");
    }

    /** By its name, or by its first bytes: volumes get renamed too. */
    private static boolean isPar2(Path file) throws IOException {
        if (isPar2Name(file)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }
}
