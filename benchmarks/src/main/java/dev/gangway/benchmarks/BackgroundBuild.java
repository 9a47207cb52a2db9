package dev.gangway.benchmarks;

import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.ChildMain;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A migration that builds an HNSW index over 50,000 vectors of 384 dimensions in the background: how soon processes that
 * start meanwhile have their connection, what the log tells, and that a process which is killed in the middle leaves
 * nothing that the next one does not finish. Each process is a fresh JVM, in which loading classes is most of the time;
 * three with pgjdbc alone stand beside them.
 *
 * <p>Usage: {@code BackgroundBuild [rows]}.
 */
public final class BackgroundBuild {
    private static final int ROWS = 50_000;
    private static final int DIMENSIONS = 384;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private BackgroundBuild() {}

    /** A process that connects, says how long that took, and stays. */
    public static final class Starter {
        private Starter() {}

        /** @param args the URL; and {@code again} to connect a second time as a process does whose classes are loaded */
        public static void main(String[] args) throws Exception {
            boolean gangway = args[0].startsWith("jdbc:gangway:");
            Driver driver = gangway ? new GangwayDriver() : new org.postgresql.Driver();
            long begin = System.nanoTime();
            try (Connection connection = driver.connect(args[0], new Properties())) {
                long first = System.nanoTime();
                String again = "";
                if (args.length > 1) {
                    Gates.clear();
                    long second = System.nanoTime();
                    driver.connect(args[0], new Properties()).close();
                    again = ", and after " + (System.nanoTime() - second) / 1_000_000 + " ms with its classes loaded";
                }
                System.out.println("handed out after " + (first - begin) / 1_000_000 + " ms" + again);
                ChildMain.nextLine();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int rows = args.length == 0 ? ROWS : Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("gangway-benchmark");
        try (TestDatabase database = TestServer.newDatabase()) {
            String url = TestServer.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);
            fill(folder, url, rows);
            write(folder, "V2__index.sql", """
                    -- gangway: run=background
                    create index concurrently chunk_embedding on chunk using hnsw (embedding vector_cosine_ops);
                    """);
            System.out.printf("%d rows, %d dimensions%n", rows, DIMENSIONS);
            for (int i = 0; i < 3; i++) {
                start("pgjdbc alone", TestServer.address().jdbcUrl(database.name())).kill9();
            }
            long begin = System.nanoTime();
            try (ChildJvm first = start("first process", url)) {
                awaitState(database, "started");
                try (ChildJvm second = start("second process, while the first one builds", url, "again")) {
                    awaitProgress(first);
                    second.kill9();
                }
                first.kill9();
                System.out.printf("killed after %d s; history: %s%n", secondsSince(begin), state(database));
            }
            begin = System.nanoTime();
            try (ChildJvm next = start("next process", url)) {
                awaitState(database, "applied");
                System.out.printf(
                        "finished after %d s; history: %s; valid: %s%n",
                        secondsSince(begin),
                        state(database),
                        database.ask("select indisvalid from pg_index where indexrelid = 'chunk_embedding'::regclass"));
                tellLog(next);
            }
        }
    }

    private static void fill(Path folder, String url, int rows) throws IOException, SQLException {
        write(folder, "V1__chunk.sql", String.format(
                Locale.ROOT,
                """
                create extension if not exists vector;
                create table chunk(id int primary key, embedding vector(%2$d));
                insert into chunk
                select i, (select array_agg(random()) from generate_series(1, %2$d) where i > 0)
                from generate_series(1, %1$d) i;
                """,
                rows,
                DIMENSIONS));
        new GangwayDriver().connect(url, new Properties()).close();
    }

    private static void write(Path folder, String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
    }

    private static ChildJvm start(String name, String... arguments) {
        ChildJvm process = ChildJvm.start(
                Starter.class, List.of(arguments), Map.of("org.slf4j.simpleLogger.defaultLogLevel", "info"));
        System.out.println(name + ": " + process.awaitLine(line -> line.startsWith("handed out"), PATIENCE));
        return process;
    }

    private static void awaitProgress(ChildJvm process) {
        Await.until("two lines of progress", PATIENCE, () -> progress(process) >= 2);
        tellLog(process);
    }

    private static long progress(ChildJvm process) {
        return process.errorLines().stream()
                .filter(line -> line.contains("has been running for"))
                .count();
    }

    private static void tellLog(ChildJvm process) {
        process.errorLines().stream()
                .filter(line -> line.contains("V2__index.sql"))
                .forEach(line -> System.out.println("    log: " + line));
    }

    private static void awaitState(TestDatabase database, String state) {
        Await.until(state, PATIENCE, () -> state(database).equals("V2 " + state));
    }

    private static String state(TestDatabase database) throws SQLException {
        return "V2 " + database.ask("select state from gangway_history where version = '2'");
    }

    private static long secondsSince(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    }
}
