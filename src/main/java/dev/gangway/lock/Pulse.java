package dev.gangway.lock;

import dev.gangway.pgjdbc.Row;
import java.util.List;

/**
 * What the server answered to a leader's sign of life.
 *
 * @param blockers the sessions that hold what the backend in question waits for; empty when it does not wait
 * @param answer   the rows of the question that was asked beside
 */
public record Pulse(List<Blocker> blockers, List<Row> answer) {
    public Pulse {
        blockers = List.copyOf(blockers);
        answer = List.copyOf(answer);
    }
}
