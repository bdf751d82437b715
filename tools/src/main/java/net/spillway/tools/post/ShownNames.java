package net.spillway.tools.post;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import net.spillway.tools.nzb.RelativeName;

/**
 * Names for subjects and yEnc headers. Other clients write files by these names into one folder and
 * later rename them by what PAR2 says, so they are the base names; where two files share one, the
 * folders are put before it. A quote would end the name in a subject.
 */
final class ShownNames {
    private final Set<String> taken = new HashSet<>();

    String of(String path) {
        String name = clean(RelativeName.base(path));
        if (take(name)) {
            return name;
        }
        String longer = clean(path.replace('/', '_'));
        if (take(longer)) {
            return longer;
        }
        for (int n = 2; ; n++) {
            String numbered = n + "_" + longer;
            if (take(numbered)) {
                return numbered;
            }
        }
    }

    static String clean(String name) {
        return name.replace('"', '\'');
    }

    private boolean take(String name) {
        return taken.add(name.toLowerCase(Locale.ROOT));
    }
}
