package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.catalog.MigrationCatalog;
import dev.gangway.config.Settings;
import dev.gangway.history.Fingerprint;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.plan.Plan;
import dev.gangway.plan.Planner;
import dev.gangway.plan.Rules;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of this application, as one class loader sees them.
 *
 * @param migrations  all of them, in order
 * @param rules       which of them to apply
 * @param fingerprint that of a database with exactly those applied
 */
record Files(List<Migration> migrations, Rules rules, String fingerprint) {

    static Files load(Settings settings, @Nullable ClassLoader contextLoader) throws SQLException {
        List<Migration> migrations = MigrationCatalog.load(
                        settings.locations(), contextLoader, new Configured(settings))
                .migrations();
        Version target = target(settings.target());
        Fingerprint fingerprint = Fingerprint.EMPTY;
        for (Migration migration : migrations) {
            Version version = migration.version();
            if (target == null || version == null || version.compareTo(target) <= 0) {
                fingerprint = fingerprint.plus(
                        HistoryRow.identity(migration.kind(), version, migration.description()),
                        migration.checksum().value());
            }
        }
        Rules rules = new Rules(target, settings.outOfOrder(), settings.onNewerSchema());
        return new Files(migrations, rules, fingerprint.text());
    }

    /** No method reference, for the sake of the first connection. */
    private record Configured(Settings settings) implements Function<String, @Nullable String> {
        @Override
        public @Nullable String apply(String name) {
            return settings.placeholder(name);
        }
    }

    private static @Nullable Version target(@Nullable String text) throws GangwayException.Permanent {
        if (text == null) {
            return null;
        }
        try {
            return Version.parse(text);
        } catch (IllegalArgumentException e) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "gangway.target=%s is no version.\n  next: write one such as 3, 1.2 or 2024_05_01, or latest"
                            .formatted(text),
                    e);
        }
    }

    /** {@return what is pending on a database with that history; null stands for a database without one} */
    Plan plan(@Nullable HistorySnapshot history) throws GangwayException.Permanent {
        return Planner.plan(migrations, history == null ? List.of() : history.rows(), rules);
    }
}
