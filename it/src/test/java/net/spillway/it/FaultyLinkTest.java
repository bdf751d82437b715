package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyLinkTest {
    private ServerSocket echo;
    private FaultyLink link;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        link = new FaultyLink();
        link.leadTo((InetSocketAddress) echo.getLocalSocketAddress());
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The link was cut.
                    }
                });
            } catch (IOException e) {
                // Closed by stop().
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void roundTrip(Socket socket) throws IOException {
        byte[] octets = {1, 2, 3};
        socket.getOutputStream().write(octets);
        assertArrayEquals(octets, socket.getInputStream().readNBytes(3));
    }

    @Test
    void octetsComeThroughBothWays() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket);
        }
        assertEquals(6, link.octets());
        assertEquals(1, link.accepted());
    }

    @Test
    void cutLinkDropsConnectionsAndTakesNewOnes() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket);
            link.cut();
            assertEnds(socket);
        }
        try (Socket socket = connect()) {
            roundTrip(socket);
        }
    }

    @Test
    void stalledLinkHoldsBackWhatIsSentUntilItIsRestored() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket);
            link.stall();
            socket.getOutputStream().write(new byte[] {7});
            socket.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(30_000);
            link.restore();
            assertEquals(7, socket.getInputStream().read());
        }
    }

    @Test
    void refusingLinkLetsNobodyInUntilItIsRestored() throws IOException {
        link.refuse();
        assertThrows(ConnectException.class, this::connect);
        link.restore();
        try (Socket socket = connect()) {
            roundTrip(socket);
        }
    }

    @Test
    void linkWithoutTargetDropsWhoeverComes() throws IOException {
        try (FaultyLink nowhere = new FaultyLink();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), nowhere.port())) {
            socket.setSoTimeout(30_000);
            assertEnds(socket);
        }
    }

    /** Ended in order or reset: either way there is nothing more to come. */
    private static void assertEnds(Socket socket) {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open", e);
        } catch (IOException e) {
            // Reset.
        }
    }
}
