package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import net.spillway.conf.ByteSize;
import net.spillway.fec.Par2Creator;
import net.spillway.fec.SliceSizes;
import net.spillway.fec.VolumeLayout;
import net.spillway.fec.VolumeNames;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Version;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway par2 create}. */
@Command(
        name = "create",
        aliases = "c",
        description = "Make .par2 files for files.")
final class Par2CreateCommand implements Callable<Integer>, OutputOptions.Has {
    /** par2cmdline's number of volumes where they are to be equal and nobody says how many. */
    private static final int UNIFORM_VOLUMES = 15;

    private static final int DEFAULT_BLOCKS = 2000;
    private static final double DEFAULT_PERCENT = 5;

    @Parameters(index = "0", paramLabel = "PAR2-FILE", description = {
        "What to make: NAME.par2, and volumes beside it named NAME.volX+Y.par2.",
        "A single file that does not end in .par2 gets FILE.par2.",
        "NAME.par with files makes the older PAR1: NAME.par, NAME.p01..., of which -c says how many"
                + " and -r how many for a hundred files."})
    private Path par2;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE",
            description = "The files, which must be in the .par2 file's folder (or -B) or below.")
    private List<Path> inputs = List.of();

    @ArgGroup private Slices slices;

    private static final class Slices {
        @Option(names = {"-s", "--block-size"}, paramLabel = "SIZE",
                description = "Octets of a block, a multiple of 4; also as 700K.")
        private ByteSize size;

        @Option(names = {"-b", "--block-count"}, paramLabel = "N",
                description = "Cut the files into at most N blocks, 1 to 32768 (2000).")
        private Integer count;
    }

    @ArgGroup private Recovery recovery;

    private static final class Recovery {
        @Option(names = {"-r", "--redundancy"}, paramLabel = "PERCENT",
                description = "Recovery blocks in per cent of blocks, at least one (5%%).")
        private Percentage percent;

        @Option(names = {"-c", "--recovery-blocks"}, paramLabel = "N",
                description = "How many recovery blocks; 0 makes only the index.")
        private Integer count;
    }

    @Option(names = {"-f", "--first"}, paramLabel = "N", defaultValue = "0",
            description = "Number (exponent) of the first recovery block (${DEFAULT-VALUE}).")
    private int first;

    @Option(names = {"-u", "--uniform"}, description = "Volumes of equal size.")
    private boolean uniform;

    @Option(names = {"-l", "--limit"},
            description = "No volume larger than the largest file; not with -u or -n.")
    private boolean limit;

    @Option(names = {"-n", "--volumes"}, paramLabel = "N",
            description = "How many volumes (otherwise 1, 2, 4, 8... blocks in each).")
    private Integer volumes;

    @Option(names = {"-R", "--recurse"}, description = "Take folders with all that is in them.")
    private boolean recurse;

    @Option(names = "--overwrite", description = "Replace .par2 files that are there already.")
    private boolean overwrite;

    @Mixin private Par2Common common;
    @Mixin private Par2Tuning tuning;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        Par2Outcome outcome;
        try (TerminalProgress progress = output.progress();
                Par2Progress phases = new Par2Progress(progress)) {
            outcome = isPar1() ? createPar1(phases) : create(phases);
        } catch (Par2Exception e) {
            CommandFailure failure = Par2Common.failure(e);
            throw e.kind() != Par2Exception.Kind.EXISTS ? failure : new CommandFailure(
                    failure.exitCode(), failure.getMessage() + " (--overwrite)", e);
        } catch (IOException e) {
            throw Par2Common.failure(e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
        return output.print(
                spec.commandLine().getOut(), outcome.end(), outcome.fields(), outcome.text());
    }

    private Par2Outcome create(Par2Progress phases) throws IOException {
        Par2Creator.Created created = creator(phases).create();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("created", created.files());
        result.put("files", created.set().files().size());
        result.put("bytes", created.set().totalLength());
        result.put("blockSize", created.set().sliceSize());
        result.put("blocks", created.set().sliceCount());
        result.put("recoveryBlocks", created.recoverySlices());
        return new Par2Outcome(ExitCode.DONE, result, describe(created));
    }

    private boolean isPar1() {
        return !inputs.isEmpty() && par2.getFileName() != null
                && par2.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".par");
    }

    private Par2Outcome createPar1(Par2Progress phases) throws IOException {
        if (slices != null || first != 0 || uniform || limit || volumes != null) {
            throw new CommandFailure(ExitCode.USAGE, par2 + " is to be PAR1, where files are the"
                    + " blocks and each volume has one: -s, -b, -f, -u, -l and -n do not apply."
                    + " Name it .par2 for PAR2.");
        }
        Set<Path> files = filesOf(inputs, "");
        int count = recovery != null && recovery.count != null
                ? Checks.inRange("-c", recovery.count, 0, 255)
                : (int) Math.clamp(Math.round(files.size() * percent() / 100),
                        percent() > 0 ? 1 : 0, 255);
        return Par1Work.create(
                par2, common.base(par2), files, count, overwrite, tuning.options(phases));
    }

    private static String describe(Par2Creator.Created created) {
        return Figures.count(created.set().files().size(), "file") + ", "
                + Figures.bytes(created.set().totalLength()) + ": "
                + Figures.count(created.set().sliceCount(), "block") + " of "
                + Figures.count(created.set().sliceSize()) + " octets, "
                + Figures.count(created.recoverySlices(), "recovery block") + " in "
                + Figures.count(created.files().size(), "file") + ", the first of them "
                + created.files().getFirst();
    }

    private Par2Creator creator(Par2Progress phases) throws IOException {
        Path target = par2;
        List<Path> given = inputs;
        if (given.isEmpty() && !Par2Common.isPar2(par2)) {
            target = par2.resolveSibling(par2.getFileName() + ".par2");
            given = List.of(par2);
        }
        Set<Path> files = filesOf(given, VolumeNames.stem(target.getFileName().toString()));
        List<Long> lengths = lengths(files);
        long size = sliceSize(lengths);
        Par2Creator.Builder builder = Par2Creator.builder(target, common.base(target))
                .files(files)
                .sliceSize(size)
                .firstExponent(first)
                .volumes(layout(lengths, size))
                .overwrite(overwrite)
                .options(tuning.options(phases))
                .creator("Spillway " + Version.text());
        if (recovery != null && recovery.count != null) {
            builder.recoveryCount(recovery.count);
        } else {
            builder.redundancy(percent());
        }
        return builder.build();
    }

    private double percent() {
        return recovery == null ? DEFAULT_PERCENT : recovery.percent.value();
    }

    private long sliceSize(List<Long> lengths) throws Par2Exception {
        if (slices != null && slices.size != null) {
            return slices.size.bytes();
        }
        int count = slices == null ? DEFAULT_BLOCKS
                : Checks.inRange("-b", slices.count, 1, 32_768);
        return SliceSizes.forCount(lengths, count);
    }

    private VolumeLayout layout(List<Long> lengths, long size) {
        if (limit && (uniform || volumes != null)) {
            throw new CommandFailure(ExitCode.USAGE, "-l does not go with -u or -n.");
        }
        if (limit) {
            long largest = lengths.stream().mapToLong(Long::longValue).max().orElse(0);
            return new VolumeLayout.Limited((int) Math.max(1, Math.ceilDiv(largest, size)));
        }
        if (uniform) {
            return new VolumeLayout.Uniform(volumes != null ? volumes
                    : (int) Math.clamp(recoveryCount(lengths, size), 1, UNIFORM_VOLUMES));
        }
        return volumes != null
                ? new VolumeLayout.ExponentialIn(volumes) : new VolumeLayout.Exponential();
    }

    private long recoveryCount(List<Long> lengths, long size) {
        return recovery != null && recovery.count != null ? recovery.count
                : Math.round(SliceSizes.slices(lengths, size) * percent() / 100);
    }

    private static List<Long> lengths(Set<Path> files) throws IOException {
        List<Long> lengths = new ArrayList<>();
        for (Path file : files) {
            lengths.add(Files.size(file));
        }
        return lengths;
    }

    /** The files named, with -R also those in folders; without the .par2 files of this set. */
    private Set<Path> filesOf(List<Path> given, String stem) throws IOException {
        if (given.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "Say which files to protect.");
        }
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : given) {
            if (!Files.isDirectory(path)) {
                files.add(path.toAbsolutePath().normalize());
            } else if (recurse) {
                try (Stream<Path> tree = Files.walk(path)) {
                    tree.filter(Files::isRegularFile)
                            .filter(file -> !isOfThisSet(file, stem))
                            .sorted()
                            .forEach(file -> files.add(file.toAbsolutePath().normalize()));
                }
            } else {
                throw new CommandFailure(ExitCode.USAGE,
                        path + " is a folder; -R takes folders with all that is in them.");
            }
        }
        if (files.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "There are no files in what was named.");
        }
        return files;
    }

    private static boolean isOfThisSet(Path file, String stem) {
        return Par2Common.isPar2(file)
                && VolumeNames.stem(file.getFileName().toString()).equals(stem);
    }
}
