package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds in which the tools take turns, each on a database that nobody has seen before, so that nothing which a process
 * remembers of another database helps. Who is first changes with each round.
 *
 * <p>With a delay they go through a proxy, which counts as well; without one straight to the server, because a proxy takes its
 * time for each round trip.
 */
final class StartRounds {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Scripts scripts;
    private final List<String> tools;
    private final Duration delay;
    private final boolean pending;
    private final boolean cold;

    private StartRounds(Scripts scripts, List<String> tools, Duration delay, boolean pending, boolean cold) {
        this.scripts = scripts;
        this.tools = tools;
        this.delay = delay;
        this.pending = pending;
        this.cold = cold;
    }

    static StartRounds allPending(Scripts scripts, List<String> tools, Duration delay) {
        return new StartRounds(scripts, tools, delay, true, false);
    }

    static StartRounds nothingPending(Scripts scripts, List<String> tools, Duration delay) {
        return new StartRounds(scripts, tools, delay, false, false);
    }

    /** Each start in a JVM of its own. */
    static StartRounds nothingPendingCold(Scripts scripts, List<String> tools) {
        return new StartRounds(scripts, tools, Duration.ZERO, false, true);
    }

    /** @param warmUp how many rounds come before those that count */
    void run(int warmUp, int rounds, ObjectNode result) throws Exception {
        result.put("migrations", scripts.statements().size());
        result.put("delayMillis", delay.toMillis());
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        tools.forEach(tool -> millis.put(tool, new ArrayList<>()));
        Map<String, TestDatabase> templates = new LinkedHashMap<>();
        List<String> order = new ArrayList<>(tools);
        try (TcpProxy proxy = TcpProxy.to(TestServer.address())) {
            proxy.delay(delay);
            for (String tool : tools) {
                templates.put(tool, template(tool));
            }
            for (int round = -warmUp; round < rounds; round++) {
                for (String tool : order) {
                    proxy.reset();
                    double took;
                    try (TestDatabase database = TestServer.copyOf(templates.get(tool))) {
                        took = start(tool, database, delay.isZero() ? TestServer.address() : proxy.address());
                    }
                    if (round >= 0) {
                        millis.get(tool).add(took);
                    }
                    if (!delay.isZero()) {
                        result.withObject("/roundTrips").put(tool, proxy.roundTrips());
                        result.withObject("/connections").put(tool, proxy.connections());
                    }
                }
                Collections.rotate(order, 1);
            }
        } finally {
            for (TestDatabase template : templates.values()) {
                template.close();
            }
        }
        ObjectNode all = result.putObject("millis");
        millis.forEach((tool, values) -> all.set(tool, Results.array(values)));
        StringBuilder progress = new StringBuilder();
        millis.forEach(
                (tool, values) -> progress.append(", ").append(tool).append(' ').append(Spread.of(values, 0)));
        System.err.println("  " + (pending ? "pending" : "applied") + (cold ? " in a fresh JVM" : "") + ": "
                + scripts.statements().size() + ", delay: " + delay.toMillis() + " ms" + progress);
    }

    /** {@return what each round's database is a copy of} */
    private TestDatabase template(String tool) throws Exception {
        TestDatabase template = TestServer.newDatabase();
        if (!pending) {
            Start.with(tool, template.jdbcUrl(), scripts.folder(), scripts.changeLog());
            Gates.clear();
            awaitNobody(template);
        }
        return template;
    }

    /** A server process ends a moment after its client has gone, and a database is copied only when nobody is there. */
    private static void awaitNobody(TestDatabase database) throws SQLException {
        String query = "select count(*) from pg_stat_activity where datname = '" + database.name() + "'";
        while (!"0".equals(TestServer.address().ask("postgres", query))) {
            Thread.onSpinWait();
        }
    }

    private double start(String tool, TestDatabase database, ServerAddress through) throws Exception {
        String url = through.jdbcUrl(database.name());
        if (cold) {
            try (ChildJvm process = ChildJvm.start(
                    Start.Cold.class,
                    tool,
                    url,
                    scripts.folder().toString(),
                    scripts.changeLog().toString())) {
                String line = process.awaitLine(text -> text.startsWith("nanoseconds: "), PATIENCE);
                return Long.parseLong(line.substring(line.indexOf(' ') + 1)) / 1e6;
            }
        }
        long begin = System.nanoTime();
        Start.with(tool, url, scripts.folder(), scripts.changeLog());
        double took = (System.nanoTime() - begin) / 1e6;
        // What is left of a gate must not run beside whoever is next.
        Gates.clear();
        return took;
    }
}
