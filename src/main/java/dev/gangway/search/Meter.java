package dev.gangway.search;

import dev.gangway.config.Settings;
import dev.gangway.pgjdbc.Endpoint;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Takes note of the similarity searches of one target. Thread-safe. */
final class Meter {
    static Meter of(Endpoint endpoint, Settings settings, @Nullable ClassLoader loader) {
        return new Meter();
    }

    void searched(SearchQuery query, long nanos, int rows, int k, @Nullable SQLException failure) {}

    void close() {}
}
