package net.spillway.relay.intake;

import net.spillway.relay.trace.Check;
import net.spillway.spool.NewArticle;

/** Whether an article is taken. */
sealed interface Verdict {
    /** It is to be stored, like this. */
    record Accept(NewArticle article) implements Verdict {
    }

    /** How long it is of no use to offer an article again. */
    enum Standing {
        /** Somebody else, or the same peer later, may send it. */
        ONCE,
        /** From that peer, as long as groups and what is taken from it are as they are. */
        BY_SOURCE,
        /** From whomever it comes, as long as the groups here are as they are. */
        BY_GROUPS,
        /** From whomever it comes, whenever. */
        FOR_GOOD
    }

    /**
     * It is not taken.
     *
     * @param check what it did not pass
     * @param why one line for the sender
     * @param standing how long this holds
     */
    record Refuse(Check check, String why, Standing standing) implements Verdict {
    }

    static Verdict refuse(Check check, String why) {
        return new Refuse(check, why, Standing.ONCE);
    }

    static Verdict refuseBySource(Check check, String why) {
        return new Refuse(check, why, Standing.BY_SOURCE);
    }

    static Verdict refuseByGroups(Check check, String why) {
        return new Refuse(check, why, Standing.BY_GROUPS);
    }

    static Verdict refuseForGood(Check check, String why) {
        return new Refuse(check, why, Standing.FOR_GOOD);
    }
}
