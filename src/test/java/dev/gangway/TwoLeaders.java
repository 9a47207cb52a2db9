package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.history.HistoryTable;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.TcpProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Two processes at work on one schema, each of which is stopped once: the first one before a certain message, at which
 * moment the server ends the session that holds its lock without its learning of it; then the second one, which leads from
 * then on, before another message. Then one goes on as far as it comes, and then the other. Used by one thread.
 */
final class TwoLeaders {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How often a process asks for the lock, or for those who are still at work, before it counts as one that waits. */
    private static final int WAITS = 4;

    /** No process sends so many messages. */
    private static final int NEVER = Integer.MAX_VALUE;

    private static final int POLLS_BETWEEN_QUESTIONS = 8;

    /** What a process does. */
    interface Operation {
        /** @param url of the target, through a proxy of its own */
        void run(String url) throws Exception;
    }

    /**
     * What the two do.
     *
     * @param setUp makes the database what it is before, of an empty schema; its files are there already
     * @param commits whether statements of the files commit by themselves, so that one whose record is cut off runs again
     * @param loader the context class loader of both; null for that of the tests
     * @param settings of both
     */
    record Plot(
            String name,
            Application app,
            String setUp,
            Operation first,
            Operation second,
            boolean commits,
            @Nullable ClassLoader loader,
            List<String> settings) {

        @Override
        public String toString() {
            return name;
        }
    }

    private final Plot plot;
    private final Application app;
    private final Observed observed;
    private final Operation connect;

    /** What may come of it: what came of one process after the other, in both orders. */
    private final Set<String> outcomes = new LinkedHashSet<>();

    private final Set<String> refusals = new HashSet<>();

    private final int messages;

    TwoLeaders(Plot plot) throws Exception {
        this.plot = plot;
        this.app = plot.app();
        this.observed = Observed.in(app.database());
        this.connect = url -> Application.open(url).close();
        this.messages = learn(plot.first(), plot.second());
        learn(plot.second(), plot.first());
    }

    /** Has one go after the other; {@return how many messages the first one sends} */
    private int learn(Operation one, Operation other) throws Exception {
        begin();
        int sent = 0;
        for (Operation each : List.of(one, other, connect)) {
            try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
                Actor process = new Actor(proxy, NEVER, each);
                process.awaitEnd();
                process.refusal().ifPresent(refusals::add);
                sent = sent == 0 ? process.pause.messages() : sent;
            }
        }
        outcomes.add(outcome());
        return sent;
    }

    private void begin() throws SQLException {
        // So that the numbers of messages are the same in each run.
        Await.until("all sessions of earlier runs have ended", PATIENCE, () -> "0"
                .equals(app.ask("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and pid <> pg_backend_pid() and backend_type = 'client backend'")));
        app.execute("drop schema public cascade; create schema public");
        app.execute(plot.setUp());
    }

    /** How many messages the first process sends when nobody disturbs it; of the second one, about as many. */
    int messages() {
        return messages;
    }

    /** One run, and what must hold after it. */
    void play(int stopFirst, int stopSecond, boolean firstGoesOnFirst) throws Exception {
        boolean repeats = false;
        String scene = "%s: the first is stopped before message %d, the second before %d, then the %s goes on"
                .formatted(plot.name(), stopFirst, stopSecond, firstGoesOnFirst ? "first" : "second");
        begin();
        try (TcpProxy one = TcpProxy.to(app.database().server());
                TcpProxy other = TcpProxy.to(app.database().server())) {
            Actor first = new Actor(one, stopFirst, plot.first());
            Await.until(scene + ": the first is stopped, or through", PATIENCE, () -> first.isHeld() || first.isDone());
            observed.endLeader();
            repeats = plot.commits() && first.isStoppedBeforeARecord();
            Actor second = new Actor(other, stopSecond, plot.second());
            second.awaitRest(scene + ": the second is stopped, or waits, or is through");
            (firstGoesOnFirst ? first : second).goOn();
            (firstGoesOnFirst ? first : second).awaitRest(scene + ": one goes on");
            (firstGoesOnFirst ? second : first).goOn();
            first.awaitEnd();
            second.awaitEnd();
            first.assertFailedByNothingButItsFate(scene);
            second.assertFailedByNothingButItsFate(scene);
        } catch (AssertionError e) {
            throw new AssertionError(scene + "\n" + e.getMessage(), e);
        }
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            Actor third = new Actor(proxy, NEVER, connect);
            third.awaitEnd();
            third.assertFailedByNothingButItsFate(scene);
        }
        assertThat(outcomes).as(scene).contains(repeats ? outcome().replaceAll("\\b(2[a-z]) \\1\\b", "$1") : outcome());
        Await.until(
                scene + ": nothing is left locked",
                PATIENCE,
                () -> observed.advisoryLocks() == 0 && observed.idleInTransaction() == 0);
    }

    /** What a person who looks at the database sees. */
    private String outcome() throws SQLException {
        String log = app.has("log")
                ? String.valueOf(app.ask("select string_agg(entry, ' ' order by entry) from log"))
                : "no log";
        return String.join(
                "\n",
                "log: " + log,
                "history: "
                        + app.column("select concat_ws(' ', script, state, statements_done, rows_changed, checksum)"
                                + " from gangway_history order by rank"),
                "state: "
                        + app.ask(
                                "select s.fingerprint || ' ' || (s.history_rows = (select count(*) from gangway_history))"
                                        + " from gangway_state s"),
                "schema: "
                        + app.column(
                                "select concat_ws(' ', c.relkind, c.relname, i.indisvalid, (select string_agg(a.attname"
                                        + " || ':' || a.atttypid::regtype, ',' order by attnum) from pg_attribute a"
                                        + " where a.attrelid = c.oid and attnum > 0 and not attisdropped))"
                                        + " from pg_class c left join pg_index i on i.indexrelid = c.oid"
                                        + " where c.relnamespace = 'public'::regnamespace order by c.relname"));
    }

    /** One of the two, on a thread of its own, and what its proxy sees of it. */
    private final class Actor {
        private final TcpProxy proxy;
        private final TcpProxy.Pause pause;
        private final CompletableFuture<@Nullable Exception> end = new CompletableFuture<>();

        private int waitsBefore;
        private int polls;

        /** @param stop before which message it is stopped */
        Actor(TcpProxy proxy, int stop, Operation operation) {
            this.proxy = proxy;
            this.pause = proxy.holdBackAt(stop);
            // A name of its own, because a port may come again, and with it the gate that knows its URL.
            String url = app.url(proxy.address(), plot.settings().toArray(String[]::new)) + "&ApplicationName="
                    + UUID.randomUUID();
            Thread thread = new Thread(
                    () -> {
                        try {
                            operation.run(url);
                            end.complete(null);
                        } catch (Exception e) {
                            end.complete(e);
                        } catch (Error e) {
                            end.completeExceptionally(e);
                        }
                    },
                    "process");
            if (plot.loader() != null) {
                thread.setContextClassLoader(plot.loader());
            }
            thread.setDaemon(true);
            thread.start();
        }

        boolean isHeld() {
            return pause.isHolding();
        }

        /** The statement that it speaks of is done, and nobody but itself knows it. */
        boolean isStoppedBeforeARecord() {
            return pause.sql().startsWith("BEGIN") && pause.sql().contains("gangway_history");
        }

        boolean isDone() {
            return end.isDone();
        }

        void goOn() {
            waitsBefore = waits();
            pause.end();
        }

        /** Waits until it is stopped, or cannot go on because of the other one, or is through. */
        void awaitRest(String what) {
            Await.until(what, PATIENCE, () -> isHeld() || isDone() || isWaiting());
        }

        private boolean isWaiting() throws SQLException {
            return waits() - waitsBefore >= WAITS
                    || (++polls % POLLS_BETWEEN_QUESTIONS == 0
                            && !"0"
                                    .equals(app.ask(
                                            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                                    + " and datname = current_database()")));
        }

        private int waits() {
            return (int) proxy.sql().stream()
                    .filter(sql -> sql.contains("pg_try_advisory_xact_lock") || sql.contains("a.query_start"))
                    .count();
        }

        void awaitEnd() {
            Await.until("a process is through", PATIENCE, this::isDone);
            end.join();
        }

        /** What it was refused for; empty when it was not. */
        Optional<String> refusal() {
            Exception failure = end.join();
            return failure instanceof GangwayException.Permanent permanent
                    ? Optional.of(firstLine(permanent))
                    : Optional.empty();
        }

        /** The loser may lose its connections, and may be told what it would be told after the other one. */
        void assertFailedByNothingButItsFate(String scene) {
            Exception failure = end.join();
            boolean fate = failure == null
                    || (failure instanceof SQLException sql
                            && (SqlStates.connectionLost(sql) || HistoryTable.isFencedOut(sql)))
                    || (failure instanceof GangwayException.Permanent permanent
                            && refusals.contains(firstLine(permanent)));
            if (!fate) {
                throw new AssertionError(scene + ": a process failed", failure);
            }
        }

        private static String firstLine(Exception e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll("since .*", "");
        }
    }
}
