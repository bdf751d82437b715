package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.mina.transport.socket.DefaultSocketSessionConfig;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.junit.jupiter.api.Test;

class ReadShareTest {
    private static final int MOST = 1 << 20;
    private static final long LONG = 5_000_000;
    private static final long SHORT = 20_000;

    private static SocketSessionConfig config() {
        SocketSessionConfig config = new DefaultSocketSessionConfig();
        config.setMinReadBufferSize(1);
        config.setReadBufferSize(1);
        config.setMaxReadBufferSize(MOST);
        return config;
    }

    @Test
    void whoeverTakesTheLoopForLongIsReadLessOfAtATime() {
        SocketSessionConfig config = config();
        ReadShare share = new ReadShare(config);
        share.took(256 * 1024, LONG);
        assertEquals(128 * 1024, config.getMaxReadBufferSize());
        for (int i = 0; i < 20; i++) {
            share.took(config.getMaxReadBufferSize(), LONG);
        }
        assertEquals(2048, config.getMaxReadBufferSize());
    }

    @Test
    void whoeverIsQuickAndHasMuchIsReadMoreOfAgain() {
        SocketSessionConfig config = config();
        ReadShare share = new ReadShare(config);
        share.took(8192, LONG);
        share.took(100, SHORT);
        assertEquals(4096, config.getMaxReadBufferSize(), "a short read says nothing");
        for (int i = 0; i < 20; i++) {
            share.took(config.getMaxReadBufferSize(), SHORT);
        }
        assertEquals(MOST, config.getMaxReadBufferSize());
    }
}
