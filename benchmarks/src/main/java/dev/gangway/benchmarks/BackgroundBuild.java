package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 */
public final class BackgroundBuild implements Benchmark {
    private static final int DIMENSIONS = 384;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    BackgroundBuild() {}

    @Override
    public String name() {
        return "background";
    }

    /** A process that connects, says how long that took, and stays. */
    public static final class Starter {
        private Starter() {}

        /** @param args the URL; and {@code again} to connect a second time as a process does whose classes are loaded */
        public static void main(String[] args) throws Exception {
            boolean gangway = args[0].startsWith("jdbc:gangway:");
            Driver driver = gangway ? new GangwayDriver() : new org.postgresql.Driver();
            long begin = System.nanoTime();
            try (Connection connection = driver.connect(args[0], new Properties())) {
                tell("handed out", begin);
                if (args.length > 1) {
                    Gates.clear();
                    long second = System.nanoTime();
                    driver.connect(args[0], new Properties()).close();
                    tell("with its classes loaded", second);
                }
                ChildMain.nextLine();
            }
        }

        private static void tell(String what, long begin) {
            System.out.println(what + ": " + (System.nanoTime() - begin) / 1_000_000);
        }
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        int rows = options.choose(50_000, 15_000);
        result.put("rows", rows);
        result.put("dimensions", DIMENSIONS);
        result.put("unit", "milliseconds from the call of connect, in a fresh JVM unless it says otherwise");
        Path folder = Files.createTempDirectory("gangway-benchmark");
        try (TestDatabase database = TestServer.newDatabase()) {
            String url = TestServer.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);
            fill(folder, url, rows);
            write(folder, "V2__index.sql", """
                    -- gangway: run=background
                    create index concurrently chunk_embedding on chunk using hnsw (embedding vector_cosine_ops);
                    """);
            ArrayNode pgjdbc = result.putArray("pgjdbc");
            for (int i = 0; i < 3; i++) {
                try (ChildJvm process = start(TestServer.address().jdbcUrl(database.name()))) {
                    pgjdbc.add(millis(process, "handed out"));
                }
            }
            ArrayNode log = result.putArray("log");
            long begin = System.nanoTime();
            try (ChildJvm first = start(url)) {
                result.put("first", millis(first, "handed out"));
                awaitState(database, "started");
                try (ChildJvm second = start(url, "again")) {
                    result.put("second", millis(second, "handed out"));
                    result.put("secondAgain", millis(second, "with its classes loaded"));
                    if (!options.quick()) {
                        awaitProgress(first);
                        tellLog(first, log);
                    }
                }
                first.kill9();
                result.put("killedAfterSeconds", secondsSince(begin));
            }
            begin = System.nanoTime();
            try (ChildJvm next = start(url)) {
                result.put("next", millis(next, "handed out"));
                awaitState(database, "applied");
                result.put("finishedAfterSeconds", secondsSince(begin));
                String valid =
                        database.ask("select indisvalid from pg_index where indexrelid = 'chunk_embedding'::regclass");
                result.put("valid", "t".equals(valid));
                tellLog(next, log);
            }
        }
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        report.table(
                name(),
                String.format(
                        Locale.ROOT,
                        """
                        | process | has its connection after |
                        | --- | --- |
                        | pgjdbc alone, fresh JVM, three times | %s ms |
                        | the first, which begins to build, fresh JVM | %d ms |
                        | another one meanwhile, fresh JVM | %d ms |
                        | the same, its classes loaded | %d ms |
                        | the next, after the first was killed after %d s, fresh JVM | %d ms; the index is %s after %d s |

                        %s
                        """,
                        Spread.of(Results.numbers(result.get("pgjdbc")), 0),
                        result.get("first").asInt(),
                        result.get("second").asInt(),
                        result.get("secondAgain").asInt(),
                        result.get("killedAfterSeconds").asInt(),
                        result.get("next").asInt(),
                        result.get("valid").asBoolean() ? "valid" : "NOT VALID",
                        result.get("finishedAfterSeconds").asInt(),
                        Machine.sentence(result)));
    }

    private static void fill(Path folder, String url, int rows) throws IOException, SQLException {
        write(folder, "V1__chunk.sql", String.format(Locale.ROOT, """
                create extension if not exists vector;
                create table chunk(id int primary key, embedding vector(%2$d));
                insert into chunk
                select i, (select array_agg(random()) from generate_series(1, %2$d) where i > 0)
                from generate_series(1, %1$d) i;
                """, rows, DIMENSIONS));
        new GangwayDriver().connect(url, new Properties()).close();
    }

    private static void write(Path folder, String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
    }

    private static ChildJvm start(String... arguments) {
        return ChildJvm.start(
                Starter.class, List.of(arguments), Map.of("org.slf4j.simpleLogger.defaultLogLevel", "info"));
    }

    private static int millis(ChildJvm process, String what) {
        String line = process.awaitLine(text -> text.startsWith(what + ": "), PATIENCE);
        return Integer.parseInt(line.substring(what.length() + 2));
    }

    private static void awaitProgress(ChildJvm process) {
        Await.until("two lines of progress", PATIENCE, () -> progress(process) >= 2);
    }

    private static long progress(ChildJvm process) {
        return process.errorLines().stream()
                .filter(line -> line.contains("has been running for"))
                .count();
    }

    private static void tellLog(ChildJvm process, ArrayNode log) {
        process.errorLines().stream()
                .filter(line -> line.contains("V2__index.sql"))
                .map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+|t\\d+_\\w+", "…"))
                .forEach(log::add);
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
