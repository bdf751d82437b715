package net.spillway.it;

import java.io.IOException;

/**
 * A network namespace of this machine, in which relays run, with a way from here to there. What
 * goes from relay to relay goes by its loopback device, where packets can be held up or lost.
 */
final class Namespace implements AutoCloseable {
    /** Our end of the way. */
    static final String OUTSIDE = "10.211.77.1";
    /** Their end. */
    static final String INSIDE = "10.211.77.2";

    private final String name;
    private final String device;

    private Namespace(String name) {
        this.name = name;
        this.device = "sw" + ProcessHandle.current().pid();
    }

    /** Whether we may make one. */
    static boolean areAllowed() throws InterruptedException {
        String name = "spillway-try-" + ProcessHandle.current().pid();
        boolean made = run("ip", "netns", "add", name);
        if (made) {
            run("ip", "netns", "del", name);
        }
        return made;
    }

    static Namespace make() throws IOException, InterruptedException {
        Namespace made = new Namespace("spillway-it-" + ProcessHandle.current().pid());
        String device = made.device;
        if (!(run("ip", "netns", "add", made.name)
                && run("ip", "link", "add", device, "type", "veth", "peer", "name", "inside",
                        "netns", made.name)
                && run("ip", "addr", "add", OUTSIDE + "/30", "dev", device)
                && run("ip", "link", "set", device, "up")
                && made.inside("ip", "addr", "add", INSIDE + "/30", "dev", "inside")
                && made.inside("ip", "link", "set", "inside", "up")
                && made.inside("ip", "link", "set", "lo", "up"))) {
            made.close();
            throw new IOException("a namespace was made, but has no way to it");
        }
        return made;
    }

    String name() {
        return name;
    }

    /** Lets 8 Mbit/s through between relays; false if that cannot be had. */
    boolean narrow() throws InterruptedException {
        return inside("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "8mbit", "burst",
                "70k", "latency", "200ms");
    }

    /** Loses three packets of a hundred between relays; false if that cannot be had. */
    boolean lose() throws InterruptedException {
        return inside("iptables", "-A", "INPUT", "-i", "lo", "-p", "tcp", "-m", "statistic",
                "--mode", "random", "--probability", "0.03", "-j", "DROP");
    }

    /** Lets everything through again, as fast as it comes. */
    void mend() throws InterruptedException {
        inside("tc", "qdisc", "del", "dev", "lo", "root");
        inside("iptables", "-F", "INPUT");
    }

    private boolean inside(String... command) throws InterruptedException {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"ip", "netns", "exec", name}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        return run(whole);
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        }
    }

    @Override
    public void close() throws InterruptedException {
        run("ip", "netns", "del", name);
        run("ip", "link", "del", device);
    }
}
