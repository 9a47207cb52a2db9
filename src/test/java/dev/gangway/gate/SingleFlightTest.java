package dev.gangway.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** The concurrency of a gate, without a database. */
class SingleFlightTest {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final AtomicLong now = new AtomicLong();
    private final SingleFlight<String> flights = new SingleFlight<>(RETRY_AFTER, now::get);

    /**
     * Threads that want to pass. What each of them sees must be what it would see if they had come one after another:
     * whoever finds that it was reached passes, and no attempt is made any more; the failure of an attempt is that of all
     * who waited for it; and whoever is interrupted has had no part in it. A thread that waits for ever is found as well.
     */
    @Param(name = "outcome", gen = IntGen.class, conf = "0:2")
    public static class Callers {
        private final SingleFlight<Integer> flights = new SingleFlight<>(Duration.ofNanos(NEVER), () -> 0);

        // Not guarded: whoever makes the attempt is alone.
        private int attempts;
        private int underWay;

        /** @param outcome of the attempt, if this thread makes one: reached, a failure of ours, another one */
        @Operation
        public String connect(@Param(name = "outcome") int outcome) throws SQLException {
            while (true) {
                Integer reached = flights.reached();
                if (reached != null) {
                    return "passed by attempt " + reached;
                }
                try {
                    flights.throwIfRefused();
                } catch (GangwayException.Permanent e) {
                    return "refused";
                }
                Flight<Integer> mine = new Flight<>();
                Flight<Integer> joined = flights.join(mine);
                if (joined == mine) {
                    return attempt(mine, outcome);
                }
                try {
                    // As the gate does it: first it is asked whether it is worth to keep one's own connection.
                    joined.awaitCheck();
                    return "passed by attempt " + joined.awaitEnd();
                } catch (GangwayException.Permanent e) {
                    return "refused";
                } catch (SQLException e) {
                    // That of another thread's connection: one of one's own may fare better.
                }
            }
        }

        private String attempt(Flight<Integer> mine, int outcome) {
            if (++underWay != 1) {
                throw new IllegalStateException("two attempts at once");
            }
            // A success that was published while this thread found no flight counts as well.
            boolean late = flights.reached() != null;
            if (outcome != 0) {
                mine.pending();
            }
            underWay--;
            if (late) {
                flights.arrive(mine, attempts);
                return "passed by attempt " + attempts;
            }
            switch (outcome) {
                case 0 -> {
                    attempts++;
                    flights.arrive(mine, attempts);
                    return "passed by attempt " + attempts;
                }
                case 1 -> {
                    flights.land(mine, refusal());
                    return "refused";
                }
                default -> {
                    flights.land(mine, new SQLException("no server"));
                    return "failed alone";
                }
            }
        }

        @Operation
        public String connectInterrupted() {
            Thread.currentThread().interrupt();
            try {
                Flight<Integer> mine = new Flight<>();
                Flight<Integer> joined = flights.join(mine);
                if (joined == mine) {
                    flights.land(mine, new SQLException("interrupted"));
                } else {
                    joined.awaitCheck();
                    joined.awaitEnd();
                }
                return "left";
            } catch (SQLException e) {
                return "left";
            } finally {
                Thread.interrupted();
            }
        }
    }

    private static GangwayException.Permanent refusal() {
        return new GangwayException.Permanent(Code.MIGRATION_FAILED, "refused");
    }

    @Test
    void everyInterleavingOfItsStepsIsAsIfThreadsCameOneAfterAnother() {
        new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(60)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .check(Callers.class);
    }

    @Test
    void sameUnderStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .check(Callers.class);
    }

    @Test
    void aFailureOfOursIsRememberedForAWhile() {
        Flight<String> flight = new Flight<>();
        assertThat(flights.join(flight)).isSameAs(flight);
        flights.land(flight, refusal());

        now.addAndGet(RETRY_AFTER.toNanos() - 1);
        assertThatThrownBy(flights::throwIfRefused)
                .isInstanceOf(GangwayException.Permanent.class)
                .hasMessageContaining("remembered");
        now.addAndGet(1);
        assertThatCode(flights::throwIfRefused).doesNotThrowAnyException();
    }

    @Test
    void anyOtherFailureIsNot() {
        Flight<String> flight = flights.join(new Flight<>());
        flights.land(flight, new IllegalStateException("no memory"));

        assertThatCode(flights::throwIfRefused).doesNotThrowAnyException();
        assertThatThrownBy(flight::awaitEnd).isInstanceOf(SQLException.class).hasRootCauseMessage("no memory");
    }

    @Test
    void aFlightThatHasEndedChangesNothingAnyMore() throws SQLException {
        Flight<String> first = flights.join(new Flight<>());
        flights.arrive(first, "first");
        Flight<String> second = flights.join(new Flight<>());

        // As when what follows a success fails.
        flights.land(first, refusal());

        assertThat(flights.join(new Flight<>()))
                .as("the flight that is under way")
                .isSameAs(second);
        assertThatCode(flights::throwIfRefused).doesNotThrowAnyException();
        assertThat(first.awaitEnd()).isEqualTo("first");
    }

    @Test
    void aSuccessForgetsAnEarlierFailure() {
        flights.land(flights.join(new Flight<>()), refusal());
        flights.arrive(flights.join(new Flight<>()), "reached");

        assertThatCode(flights::throwIfRefused).doesNotThrowAnyException();
        assertThat(flights.reached()).isEqualTo("reached");
    }
}
