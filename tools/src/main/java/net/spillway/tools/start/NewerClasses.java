package net.spillway.tools.start;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A copy of a jar whose classes say which types are where on the stack. Those of Java 5 and before
 * don't, so that the JVM works it out by following all code, at every start anew, and archives none
 * of them.
 */
final class NewerClasses {
    /** Of the first version from which on nothing but such a class is taken, and Java 8's. */
    private static final int WITHOUT_STACK_MAPS = ClassFile.JAVA_5_VERSION;
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_8_VERSION;

    private static final ClassFile CLASSES = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS,
            ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(
                    NewerClasses.class.getClassLoader())));

    private NewerClasses() {}

    /**
     * Writes the copy of a jar that is on the class path.
     *
     * @throws IllegalArgumentException if one of its classes can't be read
     */
    static void write(Path jar, Path to) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                JarFileWriter copy = new JarFileWriter(to)) {
            for (ZipEntry entry; (entry = in.getNextEntry()) != null;) {
                if (!entry.isDirectory()) {
                    byte[] content = in.readAllBytes();
                    copy.add(entry.getName(),
                            entry.getName().endsWith(".class") ? newer(content) : content);
                }
            }
            copy.finish(Files.getLastModifiedTime(jar));
        }
    }

    static byte[] newer(byte[] content) {
        ClassModel old = CLASSES.parse(content);
        if (old.majorVersion() > WITHOUT_STACK_MAPS) {
            return content;
        }
        // Methods are copied instruction by instruction; as they were, they would stay so.
        return CLASSES.transformClass(old, ClassTransform.transformingMethodBodies(
                (code, element) -> code.with(element))
                .andThen((made, element) -> {
                    if (element instanceof ClassFileVersion) {
                        made.withVersion(WITH_STACK_MAPS, 0);
                    } else {
                        made.with(element);
                    }
                }));
    }
}
