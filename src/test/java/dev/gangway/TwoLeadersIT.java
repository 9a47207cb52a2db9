package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.TwoLeaders.Operation;
import dev.gangway.TwoLeaders.Plot;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.Torture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader that has lost its lock and does not know it, and one that leads in its place, stopped and let go at every pair
 * of their messages: a sample of the pairs, or with {@link Torture#full()} a third of all. Whatever the order is, it must
 * come out as if one had come after the other.
 */
@Timeout(3600)
class TwoLeadersIT {
    private static final Logger LOG = LoggerFactory.getLogger(TwoLeadersIT.class);

    private static final int THREADS = 4;
    /** Of each plot, when not all are played. */
    private static final int SAMPLE = 8;
    /** The application's own connection comes first, on which nothing changes. */
    private static final int FIRST_MESSAGE = 4;

    private static final Operation CONNECT = url -> {
        try (Connection connection = Application.open(url)) {
            assertThat(Sql.ask(connection, "select count(*) from gangway_history where state in ('started', 'failed')"))
                    .as("unfinished when a connection is handed out")
                    .isEqualTo("0");
        }
    };

    private static final Operation MIGRATE = url -> Gangway.to(url).build().migrate();

    @TempDir
    Path folder;

    @AfterAll
    static void forget() {
        Gates.clear();
    }

    /** Version 2, in Java. */
    public static final class Writes implements JavaMigration {
        @Override
        public @Nullable String version() {
            return "2";
        }

        @Override
        public String description() {
            return "in java";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log values ('2a')");
            Sql.execute(connection, "insert into log values ('2b')");
        }
    }

    private interface Maker {
        Plot of(Application app);
    }

    private static Application logged(Application app) {
        return app.add("V1__log.sql", "create table log(entry text); insert into log values ('1')")
                .add("V1__log.undo.sql", "drop table log");
    }

    private static Plot plot(String name, Application app, String setUp, Operation one, Operation other) {
        return new Plot(name, app, setUp, one, other, null);
    }

    private List<Maker> makers() {
        return List.of(
                app -> plot(
                        "transactions",
                        logged(app)
                                .add("V2__two.sql", "insert into log values ('2')")
                                .add("V3__copy.sql", "copy log from stdin;\n3\n\\.\n")
                                .add("V4__four.sql", "insert into log values ('4')")
                                .add(
                                        "V4__four.verify.sql",
                                        "select 'log', 'four', count(*) = 1 from log where entry = '4'")
                                .add("R__view.sql", "create or replace view seen as select * from log"),
                        "",
                        CONNECT,
                        CONNECT),
                app -> new Plot(
                        "all in one transaction",
                        logged(app)
                                .add("V2__two.sql", "insert into log values ('2')")
                                .add("V3__three.sql", "insert into log values ('3')")
                                .add("R__view.sql", "create or replace view seen as select * from log"),
                        "",
                        CONNECT,
                        CONNECT,
                        null,
                        "gangway.transaction=all"),
                app -> plot(
                        "outside of a transaction",
                        logged(app)
                                .add("V2__index.sql", """
                                        insert into log values ('2a');
                                        create index concurrently log_entry on log(entry);
                                        insert into log values ('2b');
                                        drop index concurrently log_entry;
                                        insert into log values ('2c');
                                        """)
                                .add("V3__index.sql", "create index concurrently log_again on log(entry)"),
                        "",
                        CONNECT,
                        CONNECT),
                app -> plot(
                        "statements that may commit",
                        logged(app)
                                .add(
                                        "V2__do.sql",
                                        "-- gangway: transaction=off\ndo $$ begin insert into log values ('2a'); end $$;\n"
                                                + "do $$ begin insert into log values ('2b'); end $$;\n"
                                                + "insert into log values ('2c');\n"
                                                + "do $$ begin insert into log values ('2d'); end $$;"),
                        "",
                        CONNECT,
                        CONNECT),
                app -> plot(
                        "batches",
                        logged(app)
                                .add(
                                        "V2__rows.sql",
                                        "create table item as select n, false as done from generate_series(1, 3) n")
                                .add(
                                        "V3__fill.sql",
                                        "-- gangway: repeat=until-no-rows\nwith changed as (update item set done = true"
                                                + " where n = (select min(n) from item where not done) returning n)"
                                                + " insert into log select '3' || n from changed"),
                        "",
                        CONNECT,
                        CONNECT),
                app -> new Plot(
                        "in Java",
                        logged(app).add("V3__after.sql", "insert into log values ('3')"),
                        "",
                        CONNECT,
                        CONNECT,
                        declared()),
                app -> plot(
                        "an undo against a start",
                        logged(app)
                                .add("V2__two.sql", "insert into log values ('2')")
                                .add(
                                        "V2__two.undo.sql",
                                        "delete from log where ctid = (select max(ctid) from log where entry = '2')")
                                .add("V3__index.sql", "create index concurrently log_entry on log(entry)")
                                .add("V3__index.undo.sql", "drop index concurrently log_entry"),
                        "",
                        url -> {
                            MIGRATE.run(url);
                            Gangway.to(url).build().undoTo("1");
                        },
                        CONNECT),
                app -> plot(
                        "the background against a start",
                        logged(app)
                                .add(
                                        "V2__index.sql",
                                        "-- gangway: run=background\ncreate index concurrently log_entry on log(entry)")
                                .add("V3__three.sql", "insert into log values ('3')"),
                        "",
                        MIGRATE,
                        MIGRATE),
                app -> plot(
                        "batches in the background",
                        logged(app)
                                .add(
                                        "V2__rows.sql",
                                        "create table item as select n, false as done from generate_series(1, 3) n")
                                .add(
                                        "V3__fill.sql",
                                        "-- gangway: run=background\n-- gangway: repeat=until-no-rows\nwith changed as (update"
                                                + " item set done = true where n = (select min(n) from item where not done)"
                                                + " returning n) insert into log select '3' || n from changed")
                                .add("V4__four.sql", "insert into log values ('4')"),
                        "",
                        MIGRATE,
                        MIGRATE),
                app -> plot(
                        "an adoption",
                        logged(app)
                                .add("V2__two.sql", "insert into log values ('2')")
                                .add("V3__three.sql", "insert into log values ('3')"),
                        "create table schema_migrations (version bigint not null primary key, dirty boolean not null);"
                                + " insert into schema_migrations values (2, false);"
                                + " create table log(entry text); insert into log values ('1'), ('2')",
                        CONNECT,
                        CONNECT),
                app -> plot(
                        "a baseline against a start",
                        logged(app).add("V2__two.sql", "create table if not exists two()"),
                        "",
                        url -> Gangway.to(url).build().baseline("1"),
                        CONNECT),
                app -> plot(
                        "a repair against a start",
                        logged(app).add("V2__index.sql", """
                                insert into log values ('2a');
                                create index concurrently log_entry on log(entry);
                                insert into log values ('2b');
                                """),
                        "",
                        url -> Gangway.to(url).build().repair(),
                        CONNECT),
                app -> plot(
                        "a reset against a start",
                        logged(app).add("V2__index.sql", """
                                insert into log values ('2a');
                                create index concurrently log_entry on log(entry);
                                insert into log values ('2b');
                                """),
                        "",
                        url -> Gangway.to(url).build().reset(new dev.gangway.command.ResetOptions(true, true)),
                        url -> Application.open(url).close()));
    }

    private ClassLoader declared() {
        Thread.currentThread().setContextClassLoader(TwoLeadersIT.class.getClassLoader());
        try (Providers providers = Providers.in(folder.resolve("classes"), JavaMigration.class, Writes.class)) {
            providers.and(JavaMigration.class, List.of(Writes.class.getName()));
        }
        return Providers.loader(folder.resolve("classes"));
    }

    @Test
    void itComesOutAsIfOneHadComeAfterTheOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<String>> playing = new ArrayList<>();
            int number = 0;
            for (Maker maker : makers()) {
                Path own = folder.resolve("files" + number++);
                Callable<String> play = () -> play(maker, own);
                playing.add(threads.submit(play));
            }
            int played = 0;
            List<String> failures = new ArrayList<>();
            for (Future<String> each : playing) {
                String result = each.get();
                if (result.startsWith("FAILED")) {
                    failures.add(result);
                }
                LOG.info("{}", result.lines().findFirst().orElse(""));
            }
            assertThat(failures).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private String play(Maker maker, Path own) throws Exception {
        try (Application app = Application.in(own)) {
            Plot plot = maker.of(app);
            if (!plot.name().contains(System.getProperty("only", ""))) {
                return "left out " + plot;
            }
            TwoLeaders leaders = new TwoLeaders(plot);
            int messages = leaders.messages();
            int played = 0;
            int failed = 0;
            StringBuilder text = new StringBuilder();
            long begin = System.nanoTime();
            for (int[] pair : Torture.full() ? third(messages) : sample(messages)) {
                try {
                    leaders.play(pair[0], pair[1], pair[2] == 0);
                } catch (AssertionError | Exception e) {
                    failed++;
                    java.io.StringWriter w = new java.io.StringWriter();
                    e.printStackTrace(new java.io.PrintWriter(w));
                    text.append("\n")
                            .append(w.toString()
                                    .lines()
                                    .filter(l -> !l.contains("\tat ") || l.contains("at dev.gangway"))
                                    .limit(40)
                                    .collect(java.util.stream.Collectors.joining("\n")));
                }
                played++;
            }
            return (failed > 0 ? "FAILED " : "") + plot + ": " + played + " interleavings of " + messages
                    + " messages, " + failed + " failed, " + (System.nanoTime() - begin) / 1_000_000 + " ms" + text;
        }
    }

    private static List<int[]> sample(int messages) {
        List<int[]> pairs = new ArrayList<>();
        int span = messages - FIRST_MESSAGE;
        for (int k = 0; k < SAMPLE; k++) {
            int first = FIRST_MESSAGE + span * k / SAMPLE + span / (2 * SAMPLE);
            int second = FIRST_MESSAGE + span * (k * 5 % SAMPLE) / SAMPLE + 1;
            pairs.add(new int[] {first, second, k % 2});
        }
        return pairs;
    }

    private static List<int[]> third(int messages) {
        List<int[]> pairs = new ArrayList<>();
        for (int first = FIRST_MESSAGE; first <= messages; first++) {
            for (int second = FIRST_MESSAGE; second <= messages + 1; second++) {
                if ((first + second) % 3 == 0) {
                    pairs.add(new int[] {first, second, (first + second) / 3 % 2});
                }
            }
        }
        return pairs;
    }
}
