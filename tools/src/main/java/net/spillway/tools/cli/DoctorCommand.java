package net.spillway.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Command;

/** {@code spillway doctor}. */
@Command(
        name = "doctor",
        description = {
            "Examine a running relay and its peers, and say what is not well, since when, and what"
                    + " is being done about it.",
            "It looks at the spool, the relay's certificate, each feed, what the last comparison"
                    + " with each peer found, clocks, and groups that one side carries and the"
                    + " other does not: wrong if send or accept asks for them, a note if it only"
                    + " has \"*\" for all. Exit code 1 if something is not well. It needs the admin"
                    + " right over all groups."})
final class DoctorCommand extends PeerCommand.OnRelay {
    @Override
    public Integer call() {
        List<Map<String, Object>> findings = objects("XSPILLWAY DOCTOR");
        List<String> lines = new ArrayList<>();
        boolean well = true;
        for (Map<String, Object> finding : findings) {
            boolean fine = Boolean.TRUE.equals(finding.get("well"));
            well &= fine;
            String since = finding.get("since") == null ? "" : " ("
                    + StatusCommand.shortTime(finding.get("since").toString()) + ")";
            String doing = String.valueOf(finding.get("doing"));
            lines.add(Terminal.safe((!fine ? "WRONG "
                    : Boolean.TRUE.equals(finding.get("note")) ? "note  " : "ok    ") + finding.get("about") + ": "
                    + finding.get("what") + since + (doing.isEmpty() ? "" : "; " + doing)));
        }
        return output.print(spec.commandLine().getOut(), well ? ExitCode.DONE : ExitCode.FAILED,
                Map.of("findings", findings), lines.isEmpty() ? "ok    there are no peers, and"
                        + " nothing is wrong" : String.join(System.lineSeparator(), lines));
    }
}
