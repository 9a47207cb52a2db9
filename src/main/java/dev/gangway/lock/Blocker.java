package dev.gangway.lock;

import dev.gangway.pgjdbc.Row;
import java.util.Objects;

/**
 * A session that holds a lock which a migration waits for.
 *
 * @param pid             its process id on the server
 * @param applicationName may be empty
 * @param state           for example {@code idle in transaction}; empty when this role may not see it
 * @param query           the statement it runs or ran last; says so when this role may not see it
 * @param seconds         how long its transaction has been open; 0 when unknown
 */
public record Blocker(int pid, String applicationName, String state, String query, long seconds) {

    static Blocker of(Row row) {
        return new Blocker(
                (int) row.number(0),
                Objects.requireNonNullElse(row.text(1), ""),
                Objects.requireNonNullElse(row.text(2), ""),
                Objects.requireNonNullElse(row.text(3), ""),
                row.text(4) == null ? 0 : row.number(4));
    }

    @Override
    public String toString() {
        String oneLine = query.strip().replaceAll("\\s+", " ");
        return "pid %d%s%s, transaction open for %d s: %s"
                .formatted(
                        pid,
                        applicationName.isEmpty() ? "" : " (" + applicationName + ")",
                        state.isEmpty() ? "" : ", " + state,
                        seconds,
                        oneLine.length() <= 120 ? oneLine : oneLine.substring(0, 117) + "...");
    }
}
