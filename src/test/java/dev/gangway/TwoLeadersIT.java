package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.TwoLeaders.Operation;
import dev.gangway.TwoLeaders.Plot;
import dev.gangway.command.ResetOptions;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.Torture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
 * of their messages: a sample of the pairs, or with {@link Torture#full()} an eighth of all. Whatever the order is, it must
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

    private static Application withBuild(Application app) {
        return logged(app).add("V2__index.sql", """
                insert into log values ('2a');
                create index concurrently log_entry on log(entry);
                insert into log values ('2b');
                """);
    }

    private static Plot plot(String name, Application app, String setUp, Operation one, Operation other) {
        return new Plot(name, app, setUp, one, other, false, null, List.of());
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
                        false,
                        null,
                        List.of("gangway.transaction=all")),
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
                app -> new Plot(
                        "statements that may commit",
                        logged(app).add("V2__do.sql", """
                                        -- gangway: transaction=off
                                        do $$ begin insert into log values ('2a'); end $$;
                                        do $$ begin insert into log values ('2b'); end $$;
                                        insert into log values ('2c');
                                        do $$ begin insert into log values ('2d'); end $$;
                                        """),
                        "",
                        CONNECT,
                        CONNECT,
                        true,
                        null,
                        List.of()),
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
                        false,
                        declared(),
                        List.of()),
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
                        withBuild(app),
                        "",
                        url -> Gangway.to(url).build().repair(),
                        CONNECT),
                app -> plot(
                        "a reset against a start",
                        withBuild(app),
                        "",
                        url -> Gangway.to(url).build().reset(new ResetOptions(true, true)),
                        url -> Application.open(url).close()));
    }

    private ClassLoader declared() {
        try {
            Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
            Files.writeString(services.resolve(JavaMigration.class.getName()), Writes.class.getName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Providers.loader(folder.resolve("classes"));
    }

    @Test
    void itComesOutAsIfOneHadComeAfterTheOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Result>> playing = new ArrayList<>();
            for (Maker maker : makers()) {
                Path files = folder.resolve("files" + playing.size());
                Callable<Result> play = () -> play(maker, files);
                playing.add(threads.submit(play));
            }
            int played = 0;
            List<Throwable> failures = new ArrayList<>();
            for (Future<Result> each : playing) {
                played += each.get().played();
                failures.addAll(each.get().failures());
            }
            LOG.info("{} interleavings were played", played);
            assertThat(failures).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private record Result(int played, List<Throwable> failures) {}

    private static Result play(Maker maker, Path files) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        try (Application app = Application.in(files)) {
            Plot plot = maker.of(app);
            TwoLeaders leaders = new TwoLeaders(plot);
            List<Pair> pairs = Torture.full() ? everyEighth(leaders.messages()) : sample(leaders.messages());
            for (Pair pair : pairs) {
                try {
                    leaders.play(pair.first(), pair.second(), pair.firstGoesOnFirst());
                } catch (AssertionError e) {
                    LOG.error("{}", e.getMessage(), e);
                    failures.add(e);
                }
            }
            LOG.info("{}: {} interleavings of {} messages", plot, pairs.size(), leaders.messages());
            return new Result(pairs.size(), failures);
        }
    }

    /** Before which messages the two are stopped. */
    private record Pair(int first, int second, boolean firstGoesOnFirst) {}

    /** Spread over all pairs as evenly as so few can be. */
    private static List<Pair> sample(int messages) {
        List<Pair> pairs = new ArrayList<>();
        int span = messages - FIRST_MESSAGE;
        for (int i = 0; i < SAMPLE; i++) {
            int first = FIRST_MESSAGE + span * i / SAMPLE + span / (2 * SAMPLE);
            int second = FIRST_MESSAGE + span * (i * 5 % SAMPLE) / SAMPLE + 1;
            pairs.add(new Pair(first, second, i % 2 == 0));
        }
        return pairs;
    }

    private static List<Pair> everyEighth(int messages) {
        List<Pair> pairs = new ArrayList<>();
        for (int first = FIRST_MESSAGE; first <= messages; first++) {
            for (int second = FIRST_MESSAGE; second <= messages; second++) {
                if ((first * 3 + second) % 8 == 0) {
                    pairs.add(new Pair(first, second, (first * 3 + second) / 8 % 2 == 0));
                }
            }
        }
        return pairs;
    }
}
