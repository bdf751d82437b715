package net.spillway.it.boundary;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import org.apache.mina.core.buffer.IoBuffer;
import org.h2.mvstore.MVStore;

/** Does all that is forbidden. */
final class Offender {
    private Offender() {
    }

    static Object fromBuffer(IoBuffer buffer) throws ClassNotFoundException {
        return buffer.getObject();
    }

    static Object fromStream(InputStream in) throws IOException, ClassNotFoundException {
        try (ObjectInputStream objects = new ObjectInputStream(in)) {
            return objects.readObject();
        }
    }

    static long version(MVStore store) {
        return store.getCurrentVersion();
    }
}
