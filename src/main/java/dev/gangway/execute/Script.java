package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.State;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.Migration;
import dev.gangway.plan.Plan;
import dev.gangway.sql.SqlStatement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pending migration, read and ready to run: placeholders replaced, statements known.
 *
 * @param step       what the plan says of it
 * @param statements in order; may be empty
 * @param verify     the queries of its verify script; may be empty
 * @param undo       the text that takes it back, with placeholders replaced; null when it has none
 * @param searchPath the search_path for its statements; null to keep the session's own
 * @param condition  the boolean expression of its {@code when}, with placeholders replaced; null when it has none
 * @param bareReason why it cannot run in one transaction; null when it can
 */
record Script(
        Plan.Step step,
        List<SqlStatement> statements,
        List<SqlStatement> verify,
        @Nullable String undo,
        @Nullable String searchPath,
        @Nullable String condition,
        @Nullable String bareReason) {

    Migration migration() {
        return step.migration();
    }

    /** {@return the length of its statements in chars} */
    int length() {
        int length = 0;
        for (SqlStatement statement : statements) {
            length += statement.length();
        }
        return length;
    }

    /** {@return what the history keeps of its files} */
    KeptTexts texts() {
        return KeptTexts.of(undo, migration().scriptText());
    }

    /** {@return whether it can run in one transaction} */
    boolean isTransactional() {
        return bareReason == null;
    }

    /** {@return whether it is one batch, to be repeated until it changes nothing} */
    boolean isRepeated() {
        return migration().directives().repeatUntilNoRows();
    }

    /** {@return the row of an attempt that was begun, which this one continues; null when there was none} */
    @Nullable
    HistoryRow begun() {
        HistoryRow earlier = step.earlier();
        return earlier == null || earlier.state() == State.DEFERRED ? null : earlier;
    }

    /** {@return the note that it was deferred, which the next row replaces; null when there is none} */
    @Nullable
    HistoryRow deferral() {
        HistoryRow earlier = step.earlier();
        return earlier != null && earlier.state() == State.DEFERRED ? earlier : null;
    }

    /** {@return the rank of its row in this history} */
    long rank(HistorySnapshot history) {
        HistoryRow begun = begun();
        return begun == null ? history.nextRank() : begun.rank();
    }

    /** {@return the history row for this migration as wholly applied} */
    HistoryRow applied(long rank) {
        return row(rank, State.APPLIED, statements.size(), 0, migration().checksumText(), null);
    }

    /** {@return the history row for this migration as wholly applied in so many batches} */
    HistoryRow applied(long rank, int batches, long rows) {
        return row(rank, State.APPLIED, batches, rows, migration().checksumText(), null);
    }

    /** {@return the history row for this migration as one whose condition does not hold} */
    HistoryRow deferred(long rank) {
        String why = "waits until this holds: " + migration().directives().when();
        return row(rank, State.DEFERRED, 0, 0, migration().checksumText(), why);
    }

    /** {@return the history row for this migration when so many of its batches are done} */
    HistoryRow unfinished(long rank, State state, int batches, long rows, @Nullable String error) {
        return row(rank, state, batches, rows, migration().checksumText(), error);
    }

    /**
     * {@return the history row for this migration when only its first statements are carried out. Its checksum is that
     * of those statements, so that the rest of the file may be corrected}
     */
    HistoryRow unfinished(long rank, State state, int done, @Nullable String error) {
        return row(rank, state, done, 0, checksumOfFirst(done), error);
    }

    /** {@return what the history holds of an unfinished migration that has so many of its statements done} */
    String checksumOfFirst(int done) {
        return Checksum.ofStatements(
                        statements.subList(0, done), migration().files().digests())
                .value();
    }

    private HistoryRow row(
            long rank, State state, int done, long rows, @Nullable String checksum, @Nullable String error) {
        Migration migration = migration();
        return new HistoryRow(
                rank,
                migration.version(),
                migration.description(),
                migration.kind(),
                migration.directives().type().name().toLowerCase(Locale.ROOT),
                migration.script(),
                checksum,
                state,
                migration.directives().breaking(),
                done,
                rows,
                migration.directives().requires(),
                error,
                "");
    }

    /** {@return the first so many statements' settings for the session, which whoever goes on behind them needs too} */
    List<SqlStatement> sessionSettings(int done) {
        return statements.subList(0, done).stream()
                .filter(statement -> {
                    List<String> words = statement.words();
                    return words.get(0).equals("SET")
                            && !words.contains("LOCAL")
                            && !words.contains("ROLE")
                            && !words.contains("AUTHORIZATION");
                })
                .toList();
    }
}
