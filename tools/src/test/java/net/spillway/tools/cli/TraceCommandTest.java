package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.spillway.tools.ExitCode;
import org.junit.jupiter.api.Test;

class TraceCommandTest {
    private static TraceCommand.Trace trace(String lines) {
        return TraceCommand.Trace.of(StatusCommand.parse(lines.lines().toList()));
    }

    @Test
    void everythingARelayTellsIsSaidInWords() {
        TraceCommand.Trace trace = trace("""
                {"trace":"<1@x>","presence":"stored","remembersSince":"T0","forgotten":false}
                {"decision":"stored","at":"T1","from":"b.example","host":"192.0.2.1","user":null,\
                "passed":"size,format","failed":null,"reason":"","bytes":1234}
                {"decision":"duplicate","at":"T2","from":"post","host":"192.0.2.2","user":"ann",\
                "passed":"size","failed":"history","reason":"it is here\\u001b[2J","bytes":9}
                {"decision":"cancel","at":"T5","from":"post","host":"","user":null,"passed":"",\
                "failed":null,"reason":"not removed by <2@x>: its key does not fit","bytes":0}
                {"storage":"default","segment":1234,"offset":5678,"file":"/s/1","sequence":7,\
                "arrival":"T3","source":"b.example","bytes":1300}
                {"group":"a.one","number":2222}
                {"feed":"c.example","state":"settled","rule":"offer"}
                {"feed":"d.example","state":"settled","rule":"offer"}
                {"feed":"b.example","state":"not_offered","rule":"came_from_peer"}
                {"said":"239","by":"c.example","at":"T4"}
                """);
        assertTrue(trace.isKnown());
        assertEquals(List.of("<1@x> is here",
                "  T1  stored, from b.example at 192.0.2.1, 1,234 bytes",
                "    passed: size, format",
                "  T2  duplicate, from a poster at 192.0.2.2, user ann, 9 bytes",
                "    passed: size", "    failed: history: it is here?[2J",
                "  T5  not removed by <2@x>: its key does not fit",
                "  arrived T3 from b.example, as number 7 of the log",
                "  lies in class default, segment 1234 at 5,678, 1,300 bytes on the wire",
                "    /s/1", "  a.one number 2222",
                "  feed to c.example: offered, and taken",
                "  feed to d.example: done with: offered a while ago, or from before this feed"
                        + " began",
                "  feed to b.example: not offered: it came from there",
                "  T4  c.example said 239"), trace.describe().lines().toList());
        assertEquals(3, ((List<?>) trace.result().get("decisions")).size());
    }

    @Test
    void whatIsForgottenIsSaidToBeForgotten() {
        TraceCommand.Trace trace = trace("{\"trace\":\"<1@x>\",\"presence\":\"remembered\","
                + "\"remembersSince\":\"T0\",\"forgotten\":true}");
        assertTrue(trace.isKnown());
        assertTrue(trace.describe().contains("before T0 is forgotten"), trace::describe);
        assertFalse(trace("{\"trace\":\"<1@x>\",\"presence\":\"unknown\"}").isKnown());
    }

    @Test
    void whatWasDamagedIsKnownAndSaidToBeWanted() {
        TraceCommand.Trace trace = trace("{\"trace\":\"<1@x>\",\"presence\":\"unknown\","
                + "\"remembersSince\":\"T0\",\"lostSince\":\"2026-03-01T12:00:00.5Z\","
                + "\"forgotten\":false}");
        assertTrue(trace.isKnown());
        assertEquals("<1@x> is not here: it was damaged here, which was found at"
                + " 2026-03-01T12:00:00Z, and is wanted from peers again", trace.describe());
    }

    @Test
    void whatIsNoMessageIdIsAMistakeOfUsage() throws Exception {
        Run run = Run.spillway("trace", "no id at all", "--on", "127.0.0.1:1");
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        assertTrue(run.err().contains("is no message-ID"), run.err());
    }
}
