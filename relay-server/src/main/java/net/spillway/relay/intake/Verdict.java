package net.spillway.relay.intake;

import net.spillway.relay.trace.Check;
import net.spillway.spool.NewArticle;

/** Whether an article is taken. */
sealed interface Verdict {
    /** It is to be stored, like this. */
    record Accept(NewArticle article) implements Verdict {
    }

    /**
     * It is not taken.
     *
     * @param check what it did not pass
     * @param why one line for the sender
     * @param forGood whether it would be refused from whomever it came, so that nobody need
     *     offer it again
     */
    record Refuse(Check check, String why, boolean forGood) implements Verdict {
    }

    static Verdict refuse(Check check, String why) {
        return new Refuse(check, why, false);
    }

    static Verdict refuseForGood(Check check, String why) {
        return new Refuse(check, why, true);
    }
}
