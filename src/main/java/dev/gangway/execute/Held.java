package dev.gangway.execute;

import dev.gangway.migration.Version;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Which migrations of a run are deferred, and so hold back those that require them. */
final class Held {
    private final Set<Version> versions = new HashSet<>();

    /** Holds back what requires this one. */
    void add(Script script) {
        Version version = script.migration().version();
        if (version != null) {
            versions.add(version);
        }
    }

    /** {@return whether this one requires one that is held back; then it is held back as well} */
    boolean holdsBack(Script script) {
        if (Collections.disjoint(script.migration().directives().requires(), versions)) {
            return false;
        }
        add(script);
        return true;
    }
}
