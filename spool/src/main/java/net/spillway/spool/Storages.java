package net.spillway.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.index.HeadFields;

/** All storage classes of a spool, and which of them an article belongs to. */
final class Storages {
    private final List<Storage> all;
    private final Storage standard;
    private final boolean askForApproval;

    private Storages(List<Storage> classes, Storage standard) {
        this.standard = standard;
        this.all = new ArrayList<>(classes);
        this.all.add(standard);
        this.askForApproval = classes.stream().anyMatch(Storage::asksForApproval);
    }

    static Storages of(SpoolConfig config) {
        return new Storages(config.storage().stream()
                .map(one -> Storage.of(one, config.segmentSize())).toList(),
                Storage.standard(config));
    }

    /** In the order in which they are asked; the default class last. */
    List<Storage> all() {
        return all;
    }

    Storage standard() {
        return standard;
    }

    /** All but the default one. */
    List<Storage> others() {
        return all.subList(0, all.size() - 1);
    }

    Optional<Storage> find(String name) {
        return all.stream().filter(storage -> storage.name().equals(name)).findFirst();
    }

    /** Adds a class that the configuration does not name. */
    Storage addUnnamed(String name) {
        Storage storage = Storage.unnamed(name);
        all.add(all.size() - 1, storage);
        return storage;
    }

    /** Of the classes its groups choose, the one that keeps longest; of equals the first. */
    Storage choose(NewArticle article) {
        if (all.size() == 1) {
            return standard;
        }
        long size = (long) article.head().length + article.bodyTo() - article.bodyFrom();
        boolean approved = askForApproval
                && HeadFields.has(article.head(), "approved");
        return choose(article.groups(), size, approved);
    }

    Storage choose(List<String> groups, long size, boolean approved) {
        Storage best = null;
        for (String group : groups) {
            Storage first = first(group, size, approved);
            int longer = best == null ? 1
                    : Retention.BY_LENGTH.compare(first.keep(), best.keep());
            if (longer > 0 || longer == 0 && all.indexOf(first) < all.indexOf(best)) {
                best = first;
            }
        }
        return best == null ? standard : best;
    }

    private Storage first(String group, long size, boolean approved) {
        for (Storage storage : all) {
            if (!storage.isPassedOver() && storage.takes(group, size, approved)) {
                return storage;
            }
        }
        return standard;
    }
}
