package dev.gangway.demo;

import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The main job in one run, told as it happens: a server and an empty database, a first start that migrates, an
 * application that stores and searches, and a second start that finds nothing to do. Exit code 0, or 1 when something
 * went wrong.
 */
public final class Demo {
    private static final String LOGGING = "logback.configurationFile";
    private static final String LOG_LEVEL = "demo.log.level";
    private static final String LOGGING_FILE = "dev/gangway/demo/logback-demo.xml";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** An index for 10,000 rows would only be waited for here, and asked about by the second start. */
    private static final String[] SETTINGS = {
        "gangway.locations=pack:sheratan-store",
        "gangway.placeholders.vectorDimension=" + HashingEmbedder.DIMENSION,
        "gangway.placeholders.ivfflatRows=0"
    };

    private static final List<String> QUESTIONS = List.of(
            "Is a failed migration rolled back?",
            "How does a process become the leader?",
            "Does it work through PgBouncer with transaction pooling?");

    private final TestDatabase database;

    private Demo(TestDatabase database) {
        this.database = database;
    }

    public static void main(String[] args) {
        // Before the first logger is made.
        System.setProperty(LOGGING, LOGGING_FILE);
        System.exit(run() ? 0 : 1);
    }

    private static boolean run() {
        long begin = System.nanoTime();
        try {
            say("1. A server with pgvector, and an empty database");
            try (TestDatabase database = TestServer.newDatabase()) {
                Demo demo = new Demo(database);
                demo.describeServer(begin);
                demo.firstStart(Documentation.of(Path.of("")));
                demo.secondStart();
            }
            say(
                    "\nDone in %.1f s. The database is dropped again; a server that was started for this stops now.",
                    since(begin));
            return true;
        } catch (SQLException | IOException | IllegalStateException | AssertionError e) {
            return failed(e);
        } catch (RuntimeException e) {
            // HikariCP puts what the driver said into an exception of its own.
            if (e.getCause() instanceof SQLException cause) {
                return failed(cause);
            }
            throw e;
        }
    }

    private static boolean failed(Throwable e) {
        System.err.println("\nThe demo failed: " + e.getMessage());
        return false;
    }

    private void describeServer(long begin) throws SQLException {
        say(
                "   PostgreSQL %s on %s:%d, pgvector %s available, not yet installed in database %s (%.1f s)",
                database.ask("select split_part(current_setting('server_version'), ' ', 1)"),
                database.server().host(),
                database.server().port(),
                database.ask("select default_version from pg_available_extensions where name = 'vector'"),
                database.name(),
                since(begin));
    }

    private void firstStart(List<Document> documents) throws SQLException {
        say("\n2. First start: an application opens its HikariCP pool. All it knows is this JDBC URL:");
        say(
                "   jdbc:gangway:postgresql://%s:%d/%s?…",
                database.server().host(), database.server().port(), database.name());
        say("     &%s", String.join("&", SETTINGS));
        long begin = System.nanoTime();
        try (DocumentSearch application = new DocumentSearch(database.gangwayUrl(SETTINGS))) {
            say("   The pool was ready after %.2f s. What gangway_history says was applied:", since(begin));
            printHistory();

            begin = System.nanoTime();
            int chunks = 0;
            for (Document document : documents) {
                application.store(document);
                chunks += document.chunks().size();
            }
            say("\n3. It stores this project's documentation");
            say(
                    "   %d files in %d chunks, each with an embedding of %d numbers, in %.2f s",
                    documents.size(), chunks, HashingEmbedder.DIMENSION, since(begin));
            say("   The embeddings are hashed words and parts of words, no language model: what is found shares");
            say("   words with the question, not meaning. They need no download and are always the same.");

            say("\n4. It answers three questions by cosine similarity (and logs them in search_logs)");
            for (String question : QUESTIONS) {
                say("   %s", question);
                List<DocumentSearch.Answer> answers = application.search(question, 2);
                for (DocumentSearch.Answer answer : answers) {
                    say("     %.2f  %s, \"%s\"", answer.score(), answer.file(), answer.heading());
                    if (answer.equals(answers.get(0))) {
                        say("           %s", firstLine(answer.text()));
                    }
                }
            }
        }
    }

    private void printHistory() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select version, description, duration_ms from gangway_history order by rank")) {
            while (rows.next()) {
                say("     %-3s %-24s %4d ms", rows.getString(1), rows.getString(2), rows.getLong(3));
            }
        }
    }

    private void secondStart() throws SQLException {
        say("\n5. Second start: another Java process, the same URL. It logs:");
        String before = history();
        Map<String, String> logging = Map.of(LOGGING, LOGGING_FILE, LOG_LEVEL, "INFO");
        // The proxy counts how often a client waits for the server.
        try (TcpProxy proxy = TcpProxy.to(database.server())) {
            String bare = proxy.address().jdbcUrl(database.name());
            String gangway = proxy.address().gangwayUrl(database.name(), SETTINGS);
            try (ChildJvm child = ChildJvm.start(SecondStart.class, List.of(bare, gangway), logging)) {
                String[] times = child.awaitLine(line -> line.startsWith(SecondStart.TIMES), PATIENCE)
                        .split(" ");
                child.lines().stream()
                        .filter(line -> line.contains("nothing pending"))
                        .limit(1)
                        .forEach(Demo::print);
                say("   a connection                                    takes  round trips after login");
                List<Integer> trips = proxy.roundTripsByConnection();
                int first = SecondStart.WARM_UP;
                sayCost("with pgjdbc alone", times[2], trips.get(first + 1));
                sayCost("with Gangway, first one: checks the schema", times[1], trips.get(first));
                sayCost("with Gangway, each later one", times[3], trips.get(first + 2));
                sayCost("with gangway.recheck=always, each one checks", times[4], trips.get(first + 3));
            }
        }
        say("   The first one also loads Gangway's classes; the last row shows the check by itself.");
        if (!before.equals(history())) {
            throw new IllegalStateException("the second start changed gangway_history");
        }
    }

    private String history() throws SQLException {
        return String.valueOf(database.ask("select string_agg(h::text, ' ' order by rank) from gangway_history h"));
    }

    private static void sayCost(String what, String millis, int roundTrips) {
        say("     %-44s %6s ms  %d", what, millis, roundTrips);
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= 90 ? line : line.substring(0, 89) + "…";
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void say(String format, @Nullable Object... values) {
        print(String.format(Locale.ROOT, format, values));
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
