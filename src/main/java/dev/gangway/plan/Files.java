package dev.gangway.plan;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.history.Fingerprint;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of an application, with the rules by which they are applied.
 *
 * @param migrations  all of them, in order
 * @param rules       which of them to apply
 * @param fingerprint that of a database with exactly those applied
 */
public record Files(List<Migration> migrations, Rules rules, String fingerprint) {

    /** {@return these migrations under the rules of the settings} */
    public static Files of(List<Migration> migrations, Settings settings) throws GangwayException.Permanent {
        return of(migrations, Rules.upTo(target(settings.target()), settings.outOfOrder(), settings.onNewerSchema()));
    }

    /** {@return these migrations under those rules} */
    public static Files of(List<Migration> migrations, Rules rules) {
        Fingerprint fingerprint = Fingerprint.EMPTY;
        for (Migration migration : migrations) {
            if (rules.reaches(migration.version())) {
                fingerprint = fingerprint.plus(
                        HistoryRow.identity(migration.kind(), migration.version(), migration.description()),
                        migration.checksumText());
            }
        }
        return new Files(migrations, rules, fingerprint.text());
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

    /** {@return the version of a database with exactly these applied; null when none has a version} */
    public @Nullable Version version() {
        Version highest = null;
        for (Migration migration : migrations) {
            if (migration.version() != null && rules.reaches(migration.version())) {
                highest = migration.version();
            }
        }
        return highest;
    }

    /** {@return what is pending on a database with that history; null stands for a database without one} */
    public Plan plan(@Nullable HistorySnapshot history) throws GangwayException.Permanent {
        return Planner.plan(migrations, history == null ? List.of() : history.rows(), rules);
    }

    /** {@return what files and history together say, without a verdict; null stands for a database without one} */
    public Survey survey(@Nullable HistorySnapshot history) throws GangwayException.Permanent {
        return Planner.survey(migrations, history == null ? List.of() : history.rows(), rules);
    }
}
