package net.spillway.spool;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;

/** A process that stores articles until it is killed, and says which were acknowledged. */
final class StoringChild {
    private StoringChild() {}

    public static void main(String[] args) throws Exception {
        Spool spool = Spool.open(SpoolConfig.at(Path.of(args[0])), "spill.example",
                Clock.systemUTC());
        spool.createGroup("spill.test", 'y', "");
        var inFlight = new Semaphore(64);
        for (int n = 0; ; n++) {
            inFlight.acquire();
            String id = "<" + args[1] + "." + n + "@child.example>";
            spool.store(article(id)).thenAccept(outcome -> {
                if (outcome instanceof StoreOutcome.Stored stored) {
                    String line = id + " " + stored.numbers().get("spill.test") + ";\n";
                    System.out.print(line);
                    System.out.flush();
                }
                inFlight.release();
            });
        }
    }

    static NewArticle article(String id) {
        return Articles.article(MessageId.of(id), Articles.ARRIVAL,
                Articles.bodyOf(id.hashCode(), 20), "spill.test");
    }
}
