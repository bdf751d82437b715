package net.spillway.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
    @ParameterizedTest
    @CsvSource({"0,0", "4096,4096", "700K,716800", "700k,716800", "10MiB,10485760", "1MB,1048576",
        "2 G,2147483648", "1T,1099511627776", "5B,5"})
    void sizesAreRead(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "-1", "1.5G", "10X", "1e3", "9999999999999T",
        "99999999999999999999"})
    void badSizesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,1000", "1024,1K", "716800,700K", "1048576,1M", "1048577,1048577"})
    void sizesAreWrittenSoThatTheyReadBack(long bytes, String text) {
        assertEquals(text, new ByteSize(bytes).toString());
        assertEquals(bytes, ByteSize.parse(text).bytes());
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "90s,90000", "15m,900000", "2h,7200000", "7d,604800000",
        "1w,604800000", "0s,0", "10 days,864000000", "1 minute,60000"})
    void durationsAreReadAndReadBack(String text, long millis) {
        Duration duration = Durations.parse(text);
        assertEquals(millis, duration.toMillis());
        assertEquals(duration, Durations.parse(Durations.format(duration)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "1.5h", "1 year", "9999999999d"})
    void badDurationsAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:119,localhost,119,PLAIN,localhost:119",
        "127.0.0.1:0,127.0.0.1,0,PLAIN,127.0.0.1:0",
        "nntp://a.example,a.example,119,PLAIN,a.example:119",
        "nntps://a.example,a.example,563,TLS,nntps://a.example:563",
        "NNTPS://a.example:99/,a.example,99,TLS,nntps://a.example:99",
        "[::1]:119,::1,119,PLAIN,[::1]:119",
        "nntps://[2001:db8::1],2001:db8::1,563,TLS,nntps://[2001:db8::1]:563"})
    void addressesAreRead(String text, String host, int port, Transport transport, String back) {
        HostPort address = HostPort.parse(text);
        assertEquals(new HostPort(host, port, transport), address);
        assertEquals(back, address.toString());
        assertEquals(address, HostPort.parse(back));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", ":119", "a:", "a:x", "a:65536", "a:-1", "::1:119",
        "[::1", "[::1]119", "[a]:1", "http://a:1", "nntp://", "a b:1", "user@a:1", "*:119",
        "[:::]:1"})
    void badAddressesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8,127.1.2.3,true", "127.0.0.0/8,128.0.0.1,false", "10.1.2.3,10.1.2.3,true",
        "10.1.2.3,10.1.2.4,false", "0.0.0.0/0,1.2.3.4,true", "0.0.0.0/0,::1,false",
        "10.0.0.0/9,10.127.255.255,true", "10.0.0.0/9,10.128.0.0,false", "::1,::1,true",
        "::1/128,::2,false", "2001:db8::/32,2001:db8:9::1,true", "2001:db8::/32,2001:db9::1,false",
        "::/0,::5,true", "127.0.0.0/8,::ffff:127.0.0.1,true"})
    void blocksHoldTheirAddresses(String block, String address, boolean expected) {
        Cidr cidr = Cidr.parse(block);
        assertEquals(expected, cidr.contains(InetAddress.ofLiteral(address)));
        assertEquals(cidr, Cidr.parse(cidr.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
        "10.0.0.1/8",
        "10.0.0", "1.2.3.256", "::1/129", "fe80::1%eth0", "[::1]", "10.0.0.0/8/8"})
    void badBlocksAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
    }

    @Test
    void bitsBehindThePrefixAreNamedWithWhatWasProbablyMeant() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Cidr.parse("10.0.0.5/8")).getMessage();
        assertTrue(message.contains("10.0.0.0/8"), message);
    }

    @Test
    void fsyncModesAreRead() {
        assertEquals(FsyncMode.GROUP, FsyncMode.parse("group"));
        assertEquals(FsyncMode.OFF, FsyncMode.parse("off"));
        assertEquals(new FsyncMode.Interval(Duration.ofSeconds(1)), FsyncMode.parse("interval 1s"));
        assertThrows(IllegalArgumentException.class, () -> FsyncMode.parse("sometimes"));
        assertThrows(IllegalArgumentException.class, () -> FsyncMode.parse("interval 0s"));
        assertThrows(IllegalArgumentException.class, () -> FsyncMode.parse("interval"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"news.example.org", "a", "relay-1", "A_b"})
    void pathIdentitiesAreKnown(String name) {
        assertTrue(Names.isPathIdentity(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a!b", "a b", ".a", "a.", "not-for-mail", "POSTED", "ä"})
    void whatCannotStandInAPathIsKnown(String name) {
        assertFalse(Names.isPathIdentity(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a.", "a b", "a,b", "a*"})
    void whatIsNoGroupNameIsKnown(String name) {
        assertFalse(Names.isGroup(name));
    }
}
