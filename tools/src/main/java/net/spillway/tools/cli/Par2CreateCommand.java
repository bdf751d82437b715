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
import net.spillway.conf.ByteSize;
import net.spillway.fec.Par2Creator;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.SliceSizes;
import net.spillway.fec.VolumeLayout;
import net.spillway.fec.VolumeNames;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.par1.Par1Names;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Version;
import net.spillway.tools.progress.Figures;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway par2 create}. */
@Command(
        name = "create",
        aliases = "c",
        customSynopsis = {
            "spillway par2 create [OPTION]... PAR2-FILE FILE...",
            "       spillway par2 create [OPTION]... FILE"},
        description = "Make .par2 files for files.")
final class Par2CreateCommand implements Callable<Integer>, Par2Common.Using {
    private static final int MOST_BLOCKS = 32_768;
    private static final long LARGEST_BLOCK = 1 << 30;
    private static final Par2Redundancy DEFAULT_REDUNDANCY =
            new Par2Redundancy.Percent(new Percentage(5));

    @Parameters(arity = "0..*", paramLabel = "FILE", preprocessor = Par2Names.class,
            description = {
        "First what to make: NAME.par2, and volumes beside it named NAME.volX+Y.par2; then the"
                + " files, which must be in its folder (or -B) or below.",
        "A single file that does not end in .par2 gets FILE.par2.",
        "NAME.par with files makes the older PAR1: NAME.par, NAME.p01..., of which -c says how many"
                + " and -r how many for a hundred files."})
    private List<Path> named = List.of();

    @Option(names = {"-a", "--archive"}, paramLabel = "PAR2-FILE",
            description = "What to make; all files named otherwise are then the files.")
    private Path archive;

    @ArgGroup private Slices slices;

    private static final class Slices {
        @Option(names = {"-s", "--block-size"}, paramLabel = "SIZE",
                description = "Octets of a block, a multiple of 4; also as 700K.")
        private ByteSize size;

        @Option(names = {"-b", "--block-count"}, paramLabel = "N",
                description = "Cut the files into at most N blocks, 1 to 32768 (2000; fewer, of"
                        + " 16 KiB, if they have less than 32 MiB; two for each file if there are"
                        + " more than 2000).")
        private Integer count;
    }

    @ArgGroup private Recovery recovery;

    private static final class Recovery {
        @Option(names = {"-r", "--redundancy"}, paramLabel = "PERCENT", description = {
            "Recovery blocks in per cent of blocks, at least one (5%%); 0 makes only the index.",
            "-rkN, -rmN, -rgN: as many as N KiB, MiB, GiB hold; what says which files they are"
                    + " for comes on top."})
        private Par2Redundancy redundancy;

        @Option(names = {"-c", "--recovery-blocks"}, paramLabel = "N",
                description = "How many recovery blocks; 0 makes only the index.")
        private Integer count;
    }

    @Option(names = {"-f", "--first"}, paramLabel = "N", defaultValue = "0",
            description = "Number (exponent) of the first recovery block (${DEFAULT-VALUE}).")
    private int first;

    @Option(names = {"-u", "--uniform"},
            description = "Volumes of equal size, about log2 of the blocks in number without -n.")
    private boolean uniform;

    @Option(names = {"-l", "--limit"},
            description = "No volume larger than the largest file; not with -u or -n.")
    private boolean limit;

    @Option(names = {"-n", "--volumes"}, paramLabel = "N",
            description = "How many volumes (otherwise 1, 2, 4, 8... blocks in each).")
    private Integer volumes;

    @Option(names = {"-R", "--recurse"}, description = "Take folders with all that is in them.")
    private boolean recurse;

    @Option(names = "--overwrite", description =
            "Replace .par2 files that are there already, and volumes of the set that describe its"
                    + " files as they were.")
    private boolean overwrite;

    @Option(names = {"-T", "--file-threads"}, paramLabel = "N",
            description = "For scripts made for par2cmdline: says nothing new, since files are"
                    + " hashed while their parity is computed, with as many threads as -t says.")
    private Integer fileThreads;

    @Mixin private Par2Tuning tuning;
    @Mixin private Par2Common common;
    @Spec private CommandSpec spec;

    /** What to make, and of what. */
    private record Job(Path target, List<Path> inputs) {
        boolean isPar1() {
            return name().toLowerCase(Locale.ROOT).endsWith(".par");
        }

        String name() {
            return target.getFileName().toString();
        }

        Path folder() {
            return target.toAbsolutePath().getParent();
        }

        /** True for what an earlier run made: it would not be the same when this one is done. */
        boolean makes(Path file) throws IOException {
            String other = file.getFileName().toString();
            boolean named = isPar1()
                    ? Par1Names.isVolumeName(other)
                            && Par1Names.stem(other).equals(Par1Names.stem(name()))
                    : Par2Files.isPar2Name(file)
                            && VolumeNames.stem(other).equals(VolumeNames.stem(name()));
            return named && Files.isSameFile(file.toAbsolutePath().getParent(), folder());
        }
    }

    @Override
    public Par2Common common() {
        return common;
    }

    @Override
    public Integer call() {
        return common.run(phases -> {
            try {
                Job job = job();
                Par2Leftovers.tell(phases, job.folder(), common.base(job.target()));
                if (fileThreads != null) {
                    Checks.inRange("-T", fileThreads, 1, 1024);
                    phases.note("-T: files are hashed while their parity is computed, and -t says"
                            + " with how many threads");
                }
                return job.isPar1() ? createPar1(job, phases) : create(job, phases);
            } catch (Par2Exception e) {
                CommandFailure failure = Par2Common.failure(e);
                throw new CommandFailure(
                        failure.exitCode(), failure.getMessage() + advice(e.kind()), e);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
            }
        });
    }

    private String advice(Par2Exception.Kind kind) {
        return switch (kind) {
            case EXISTS -> overwrite ? "" : " (--overwrite)";
            case UNSAFE_NAME -> "; rename it, or name the other files without it instead of their"
                    + " folder";
            default -> "";
        };
    }

    /** One name alone is that of the file to protect, unless it is that of a set. */
    private Job job() {
        if (archive == null && named.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "Say which .par2 file to make, and of which files.");
        }
        Path target = archive == null ? named.getFirst() : archive;
        if (target.getFileName() == null || target.toString().isEmpty()) {
            throw usage("\"" + target + "\" is no name of a file.");
        }
        Path folder = target.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw usage(target + ": there is no folder " + folder + " to make it in.");
        }
        List<Path> inputs = archive == null ? named.subList(1, named.size()) : named;
        if (!inputs.isEmpty()) {
            return new Job(target, inputs);
        }
        if (Par2Files.isPar2Name(target)) {
            throw new ParameterException(spec.commandLine(), "Say which files to protect.");
        }
        if (Par2Names.isIncomplete(target)) {
            throw usage(target + " is no text in the system's character set, "
                    + System.getProperty("sun.jnu.encoding")
                    + "; say before it which .par2 file to make.");
        }
        return new Job(target.resolveSibling(target.getFileName() + ".par2"), List.of(target));
    }

    private static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }

    private Par2Outcome create(Job job, Par2Progress phases) throws IOException {
        ParityOptions options = tuning.options(phases);
        Par2Creator.Created created = creator(job, options, phases).create();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("created", created.files());
        result.put("removed", created.removed());
        result.put("files", created.set().recoverable().size());
        result.put("bytes", created.set().totalLength());
        result.put("blockSize", created.set().sliceSize());
        result.put("blocks", created.set().sliceCount());
        result.put("recoveryBlocks", created.recoverySlices());
        return new Par2Outcome(
                ExitCode.DONE, result, details(created, options) + describe(created));
    }

    private Par2Outcome createPar1(Job job, Par2Progress phases) throws IOException {
        Path par2 = job.target();
        if (slices != null || first != 0 || uniform || limit || volumes != null) {
            throw usage(par2 + " is to be PAR1, where files are the"
                    + " blocks and each volume has one: -s, -b, -f, -u, -l and -n do not apply."
                    + " Name it .par2 for PAR2.");
        }
        Set<Path> files = filesOf(job, phases);
        return Par1Work.create(par2, common.base(par2), files, par1Volumes(files.size()),
                overwrite, tuning.options(phases), common.verbosity());
    }

    private int par1Volumes(int files) {
        if (recovery != null && recovery.count != null) {
            return Checks.inRange("-c", recovery.count, 0, 255);
        }
        if (!(redundancy() instanceof Par2Redundancy.Percent(Percentage percent))) {
            throw usage("PAR1 has one block in a volume, as long as the longest file: -c says how"
                    + " many. Name the set .par2 for PAR2.");
        }
        return Math.min(Par2Creator.recoverySlices(files, percent.value()), 255);
    }

    private static String describe(Par2Creator.Created created) {
        int made = created.files().size();
        return Figures.count(created.set().recoverable().size(), "file") + ", "
                + Figures.bytes(created.set().totalLength()) + ": "
                + Figures.count(created.set().sliceCount(), "block") + " of "
                + Figures.count(created.set().sliceSize()) + " octets, "
                + Figures.count(created.recoverySlices(), "recovery block") + " in "
                + Figures.count(made, "file") + (made == 1 ? ", " : ", the first of them ")
                + created.files().getFirst()
                + (created.removed().isEmpty() ? "" : "; "
                        + Figures.count(created.removed().size(), "volume")
                        + " of the old set described other files and went with it");
    }

    /** Lines for those who want to know more. */
    private String details(Par2Creator.Created created, ParityOptions options)
            throws IOException {
        List<String> lines = new ArrayList<>();
        if (common.verbosity() > 0) {
            created.set().recoverable().forEach(file -> lines.add(Par2Info.line(file)));
            for (Path file : created.files()) {
                lines.add("made        " + Terminal.safe(file.toString()) + " ("
                        + Figures.bytes(Files.size(file)) + ")");
            }
        }
        if (common.verbosity() > 1) {
            lines.add("computed    by the " + options.engine().name() + " engine in "
                    + Figures.count(options.threads(), "thread") + " and up to "
                    + Figures.bytes(options.memory()));
        }
        return lines.isEmpty() ? ""
                : String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private Par2Creator creator(Job job, ParityOptions options, Par2Progress phases)
            throws IOException {
        Path target = job.target();
        Set<Path> files = filesOf(job, phases);
        List<Long> lengths = lengths(files);
        long size = sliceSize(lengths);
        int count = recoveryCount(lengths, size);
        if (count > 0 && lengths.stream().allMatch(length -> length == 0)) {
            phases.note("no recovery blocks are made: all files are empty, and there is nothing to"
                    + " protect but their names");
        }
        if (recovery != null && recovery.redundancy instanceof Par2Redundancy.Percent(var share)
                && share.value() == 0) {
            phases.note("-r 0: no recovery blocks are made; the index alone can verify, but not"
                    + " repair");
        }
        return Par2Creator.builder(target, common.base(target))
                .files(files)
                .sliceSize(size)
                .recoveryCount(count)
                .firstExponent(Checks.inRange("-f", first, 0, 65_534))
                .volumes(layout(lengths, size, count))
                .overwrite(overwrite)
                .options(options)
                .creator("Spillway " + Version.text())
                .build();
    }

    private Par2Redundancy redundancy() {
        return recovery == null ? DEFAULT_REDUNDANCY : recovery.redundancy;
    }

    private long sliceSize(List<Long> lengths) throws Par2Exception {
        if (slices != null && slices.size != null) {
            long size = slices.size.bytes();
            if (size < 4 || size % 4 != 0 || size > LARGEST_BLOCK) {
                throw usage("-s " + size + " is not a multiple of 4 between 4 and "
                        + LARGEST_BLOCK + ".");
            }
            long blocks = SliceSizes.slices(lengths, size);
            if (blocks > MOST_BLOCKS) {
                throw usage("-s " + size + " makes " + Figures.count(blocks) + " blocks, and there"
                        + " can be " + MOST_BLOCKS + " at most: -s "
                        + SliceSizes.forCount(lengths, MOST_BLOCKS) + " or more.");
            }
            return size;
        }
        if (slices == null) {
            return SliceSizes.forCount(lengths, SliceSizes.usualCount(lengths));
        }
        int count = Checks.inRange("-b", slices.count, 1, MOST_BLOCKS);
        long files = lengths.stream().filter(length -> length > 0).count();
        if (files > count) {
            throw usage("-b " + count + ": each of the " + Figures.count(files)
                    + " files that are not empty needs a block of its own.");
        }
        return SliceSizes.forCount(lengths, count);
    }

    private VolumeLayout layout(List<Long> lengths, long size, int recoveryBlocks) {
        if (limit && (uniform || volumes != null)) {
            throw usage("-l does not go with -u or -n.");
        }
        if (volumes != null && volumes < 1) {
            throw usage("-n " + volumes + ": there must be one volume at least.");
        }
        if (volumes != null && recoveryBlocks > 0 && volumes > recoveryBlocks) {
            throw usage("-n " + volumes + ": there is not one recovery block for each volume, but "
                    + Figures.count(recoveryBlocks) + " altogether.");
        }
        if (limit) {
            long largest = lengths.stream().mapToLong(Long::longValue).max().orElse(0);
            return new VolumeLayout.Limited((int) Math.max(1, Math.ceilDiv(largest, size)));
        }
        if (uniform) {
            return new VolumeLayout.Uniform(volumes != null
                    ? volumes : Math.max(1, VolumeLayout.usualNumber(recoveryBlocks)));
        }
        return volumes != null
                ? new VolumeLayout.ExponentialIn(volumes) : new VolumeLayout.Exponential();
    }

    private int recoveryCount(List<Long> lengths, long size) {
        int blocks = Math.toIntExact(SliceSizes.slices(lengths, size));
        if (recovery != null && recovery.count != null) {
            return Checks.inRange("-c", recovery.count, 0, 65_535);
        }
        return switch (redundancy()) {
            case Par2Redundancy.Percent(Percentage percent) ->
                    Par2Creator.recoverySlices(blocks, percent.value());
            case Par2Redundancy.Size room -> room.recoveryBlocks(blocks, size,
                    uniform ? new VolumeLayout.Exponential() : layout(lengths, size, 0),
                    volumes == null ? 0 : volumes);
        };
    }

    private static List<Long> lengths(Set<Path> files) throws IOException {
        List<Long> lengths = new ArrayList<>();
        for (Path file : files) {
            lengths.add(Files.size(file));
        }
        return lengths;
    }

    /** Which of two files that look the same was meant, nobody can tell: then both are. */
    private static List<Path> onDisk(List<Path> named) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (Path path : named) {
            List<Path> there = Par2Names.onDisk(path);
            if (there.isEmpty() && Par2Names.isIncomplete(path)) {
                throw usage(path + ": there is no such file; its name is no text in the system's"
                        + " character set, " + System.getProperty("sun.jnu.encoding")
                        + ". Name its folder with -R, or rename it.");
            }
            paths.addAll(there.isEmpty() ? List.of(path) : there);
        }
        return paths;
    }

    /** The files named, with -R also those in folders; without the files of this set. */
    private Set<Path> filesOf(Job job, Par2Progress phases) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        for (Path path : onDisk(job.inputs())) {
            if (path.toString().isEmpty()) {
                throw usage("\"\" is no name of a file.");
            } else if (!Files.isDirectory(path)) {
                found.add(path.toAbsolutePath().normalize());
            } else if (recurse) {
                found.addAll(Par2Folder.files(path, job::makes, phases::note));
            } else {
                phases.note("left out: folder " + path + " (-R takes all that is in it)");
            }
        }
        Set<Path> files = new LinkedHashSet<>();
        for (Path file : found) {
            if (!job.makes(file)) {
                files.add(file);
            }
        }
        if (files.size() < found.size()) {
            phases.note("left out: " + Figures.count(found.size() - files.size(), "file")
                    + " of the set " + job.name() + " itself");
        }
        if (files.isEmpty()) {
            throw usage("There are no files in what was named.");
        }
        Par2Base.requireAll(common.base(job.target()).toAbsolutePath().normalize(), files);
        return files;
    }
}
