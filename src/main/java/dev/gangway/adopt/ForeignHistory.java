package dev.gangway.adopt;

import dev.gangway.migration.Migration;
import java.util.List;

/** What another tool has recorded, read from its table. Immutable. */
interface ForeignHistory {

    /** {@return the tool's name for people} */
    String tool();

    /**
     * {@return what of it stands for which of our files. A pure function; it never guesses}
     *
     * @param files all migrations, versioned ones in order before repeatable ones
     */
    Mapping onto(List<Migration> files);
}
