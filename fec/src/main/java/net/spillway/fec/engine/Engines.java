package net.spillway.fec.engine;

/** The choice of an engine for this JVM. */
public final class Engines {
    /** System property that overrides the choice: {@code vector} or {@code portable}. */
    public static final String PROPERTY = "spillway.fec.engine";

    /**
     * System property that says that the JVM was told to compile kernels almost at once, as {@code
     * spillway} does; {@code true} or absent. Nothing but time depends on it.
     */
    public static final String EARLY = "spillway.fec.compiles.early";

    /**
     * System property that has small jobs done like large ones, whatever compiling kernels costs,
     * for who wants to see what large jobs do; {@code true} or absent.
     */
    public static final String ANYHOW = "spillway.fec.compiles.anyhow";

    /**
     * System property that says that the vector module's classes are on the boot class path instead,
     * which starts faster; {@code true} or absent.
     */
    public static final String VECTORS_ON_BOOT_PATH = "spillway.vectors.on.boot.path";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR_ENGINE = "net.spillway.fec.engine.VectorEngine";

    private Engines() {}

    /**
     * The fastest engine that works here: vectors if the JVM was started with {@code --add-modules
     * jdk.incubator.vector} and its compiler knows vectors, else the portable one; or what the
     * property {@value #PROPERTY} asks for.
     *
     * @throws IllegalArgumentException if the property names no engine
     * @throws IllegalStateException if the property asks for an engine that does not work here
     */
    public static SliceEngine best() {
        String wanted = System.getProperty(PROPERTY);
        if (wanted == null) {
            return vectorAvailable() ? Chosen.BEST : portable();
        }
        return named(wanted);
    }

    /** The engine called {@code vector}, {@code portable} or {@code scalar}. */
    public static SliceEngine named(String name) {
        return switch (name) {
            case "vector" -> vector();
            case "portable" -> portable();
            case "scalar" -> new ScalarEngine();
            default ->
                    throw new IllegalArgumentException(
                            "there is no parity engine \"" + name + "\": say vector or portable");
        };
    }

    /** The engine that works on every JVM. */
    public static SliceEngine portable() {
        return new PortableEngine();
    }

    /** True if the JVM was started with the vector module, or with its classes. */
    public static boolean vectorAvailable() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
                || Boolean.getBoolean(VECTORS_ON_BOOT_PATH);
    }

    /** True if the JVM was told to compile kernels almost at once, see {@link #EARLY}. */
    public static boolean compilesEarly() {
        return Boolean.getBoolean(EARLY);
    }

    /** True if small jobs are to be done like large ones, see {@link #ANYHOW}. */
    public static boolean compilesAnyhow() {
        return Boolean.getBoolean(ANYHOW);
    }

    private static SliceEngine vector() {
        if (!vectorAvailable()) {
            throw new IllegalStateException(
                    "the vector engine needs the JVM option --add-modules " + VECTOR_MODULE);
        }
        try {
            // By name: linking this class must not need the module.
            return (SliceEngine) Class.forName(VECTOR_ENGINE).getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("the vector engine does not work on this JVM", e);
        }
    }

    /** Decided once, on first use. */
    private static final class Chosen {
        static final SliceEngine BEST = choose();

        private static SliceEngine choose() {
            try {
                return vector();
            } catch (IllegalStateException e) {
                return portable();
            }
        }
    }
}
