package dev.gangway.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.TcpProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Makes cuts, and holds what comes of each against what comes of an undisturbed run.
 *
 * <p>What must hold, whatever dies and whenever:
 *
 * <ol>
 *   <li>When all sessions of the process have ended, history and schema together stand as they stand at some moment of an
 *       undisturbed run.
 *   <li>A process that got a connection found the schema as it has to be. One that failed has lost its connection, and says
 *       nothing else; that is not remembered.
 *   <li>The next process, or the same one once more, goes on and ends where an undisturbed one ends.
 *   <li>It leaves behind no lock, no session, no index that nobody can use; and there is nothing left to do.
 * </ol>
 *
 * @param children JVMs that wait for what they are to do
 * @param cutOff   processes that the network has left; they are still trying
 */
record Ordeal(Stage stage, Reference reference, Arena arena, Supplier<ChildJvm> children, Queue<CutOff> cutOff) {

    /** A process without network, which ends when it has tried often enough. */
    record CutOff(String what, Victim.InThisJvm victim, TcpProxy proxy) {
        /** It tries for two minutes. */
        private static final Duration UNTIL_IT_GIVES_UP = Duration.ofMinutes(4);

        /** Waits for its end, which has to be that it has lost its connection. */
        void awaitEnd() {
            try (proxy) {
                Await.until("the end of " + what, UNTIL_IT_GIVES_UP, victim::isOver);
                assertLegal(victim.ending(), what);
            }
        }
    }

    /**
     * Makes one cut.
     *
     * @return how the process has ended; empty when it was through before it had sent so many messages
     * @throws AssertionError when something is lost
     */
    String make(Cut cut) throws Exception {
        String what = stage.scenario() + " " + cut;
        try (Specimen database = arena.fresh(stage)) {
            TcpProxy proxy = TcpProxy.to(arena.server().address());
            boolean open = true;
            try {
                Victim[] victim = new Victim[1];
                proxy.strikeAt(cut.message(), cut.moment(), (through, hit) -> {
                    try {
                        cut.blow().strike(through, hit, database, victim[0]);
                    } catch (SQLException e) {
                        throw new IllegalStateException(what, e);
                    }
                });
                String url = stage.url(proxy.address(), database.name(), "victim");
                String ending;
                if (cut.blow().killsProcess()) {
                    ending = strikeChild(url, database, proxy, victim);
                } else {
                    ending = "";
                    Victim.InThisJvm mine = Victim.InThisJvm.start(stage, () -> process(url, database));
                    victim[0] = mine;
                    Await.until(
                            "the end, or the cut: " + what,
                            Specimen.PATIENCE,
                            () -> mine.isOver() || proxy.hasStruck());
                    if (cut.blow().processSurvives() || !proxy.hasStruck()) {
                        Await.until("the end: " + what, Specimen.PATIENCE, mine::isOver);
                        assertLegal(mine.ending(), what);
                        ending = mine.ending().toString();
                    } else {
                        ending = "was cut off";
                        cutOff.add(new CutOff(what, mine, proxy));
                        open = false;
                    }
                }
                // A process does not wait for the end of its sessions, which is when the last messages are struck.
                Await.until("the proxy is quiet: " + what, Specimen.PATIENCE, proxy::isQuiet);
                boolean made = proxy.hasStruck();
                database.awaitNobodyConnected();
                boolean atItsEnd = assertState(database, ending, what);
                if (stage.scenario().isRepeatable()) {
                    boolean sameAgain = ending.startsWith("failed") && cut.message() % 2 == 1;
                    goOn(database, sameAgain ? url : urlOf(database, "next"), atItsEnd, what);
                }
                return made ? ending : "";
            } finally {
                if (open) {
                    proxy.close();
                }
            }
        }
    }

    private String strikeChild(String url, Specimen database, TcpProxy proxy, Victim[] victim) {
        try (ChildJvm child = children.get()) {
            Victim.InChild mine = new Victim.InChild(child, stage, database);
            victim[0] = mine;
            mine.start(url);
            Await.until("the end, or the cut", Specimen.PATIENCE, () -> proxy.hasStruck() || mine.isOver());
            return "was killed";
        }
    }

    /** The process that is struck. */
    private void process(String url, Specimen database) throws SQLException {
        stage.scenario().action().perform(url, () -> {
            // A server that has been struck may not answer just now.
            Await.until("the history can be seen", Specimen.PATIENCE, () -> {
                database.history();
                return true;
            });
            assertThat(stage.awaited(database.history()))
                    .as("the history when a connection is handed out")
                    .isEqualTo(stage.awaited(reference.end().history()));
        });
        Await.until("the background is through", Specimen.PATIENCE, () -> stage.isThrough(database));
    }

    /** A process that nobody disturbs. */
    static void processAlone(Stage stage, Specimen database, String url) throws SQLException {
        stage.inside(() -> stage.scenario().action().perform(url, () -> {}));
        Await.until("the background is through", Specimen.PATIENCE, () -> stage.isThrough(database));
    }

    private static void assertLegal(Victim.Ending ending, String what) {
        SQLException failure = ending.failure();
        if (failure == null || failure instanceof GangwayException.Transient) {
            return;
        }
        if (failure instanceof GangwayException || !SqlStates.connectionLost(failure)) {
            throw new AssertionError(what + ": the process failed with something else than that it was cut", failure);
        }
    }

    /** {@return whether it stands as in the end} */
    private boolean assertState(Specimen database, String ending, String what) throws SQLException {
        SchemaState state = database.state();
        if (ending.startsWith("went on") && !state.equals(reference.end())) {
            throw new AssertionError(
                    what + ": the process went on, and ended elsewhere; " + state.differenceFrom(reference.end()));
        }
        if (!reference.legal().contains(state)) {
            throw new AssertionError(what + ": the process " + ending + ", and left what no undisturbed run shows; "
                    + state.differenceFrom(closest(state)));
        }
        return state.equals(reference.end());
    }

    private SchemaState closest(SchemaState state) {
        return reference.legal().stream()
                .filter(legal -> legal.history().equals(state.history()))
                .findFirst()
                .orElse(reference.end());
    }

    private void goOn(Specimen database, String url, boolean atItsEnd, String what) throws SQLException {
        List<String> before = database.books();
        try {
            processAlone(stage, database, url);
        } catch (SQLException e) {
            throw new AssertionError(what + ": the next process does not go on", e);
        }
        database.awaitNobodyConnected();
        List<String> books = database.books();
        if (!atItsEnd || !books.equals(before)) {
            SchemaState end = database.state();
            if (!end.equals(reference.end())) {
                throw new AssertionError(
                        what + ": the next process ended elsewhere; " + end.differenceFrom(reference.end()));
            }
        }
        assertThat(database.leftBehind()).as(what).isEmpty();
        try {
            if (stage.scenario().endsCurrent()) {
                processAlone(stage, database, urlOf(database, "validates", "gangway.mode=validate"));
            }
            processAlone(stage, database, urlOf(database, "last"));
        } catch (SQLException e) {
            throw new AssertionError(what + ": there is something left to do", e);
        }
        assertThat(database.books()).as(what).isEqualTo(books);
    }

    private String urlOf(Specimen database, String process, String... settings) {
        return stage.url(arena.server().address(), database.name(), process, settings);
    }
}
