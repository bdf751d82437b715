package net.spillway.relay.session;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All commands a relay knows, each once, in the order in which HELP shows them. */
public final class CommandTable {
    private final Map<String, Spec> specs = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if a keyword comes twice */
    public CommandTable(List<Spec> all) {
        for (Spec spec : all) {
            if (specs.put(spec.keyword(), spec) != null) {
                throw new IllegalArgumentException(spec.keyword() + " is in the table twice");
            }
        }
    }

    /** @param keyword in upper case */
    public Optional<Spec> find(String keyword) {
        return Optional.ofNullable(specs.get(keyword));
    }

    /** Every command. */
    public Collection<Spec> all() {
        return Collections.unmodifiableCollection(specs.values());
    }
}
