package net.spillway.tools.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway reload}. */
@Command(
        name = "reload",
        description = {
            "Have a running relay load its configuration anew: whole, or not at all.",
            "Nobody is disconnected. It needs the admin right over all groups; on the relay's own"
                    + " machine the signal HUP does the same."})
final class ReloadCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private AdminConnection relay;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        String said = relay.tell("XSPILLWAY RELOAD", output);
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, Map.of("relay", said),
                said);
    }
}
