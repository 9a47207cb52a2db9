package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Member;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestClassPath;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Many that start at the same moment, as processes do. Each is a class loader with classes and statics of its own, and shares
 * nothing with the others but the JDK; each has migrated another database before, so that loading classes is not measured.
 */
final class StartFleet {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Scripts scripts;
    private final int size;

    StartFleet(Scripts scripts, int size) {
        this.scripts = scripts;
        this.size = size;
    }

    void run(String tool, List<Duration> delays, int rounds, ObjectNode result) throws Exception {
        result.put("tool", tool);
        result.put("processes", size);
        result.put("migrations", scripts.statements().size());
        result.put("limitSeconds", LIMIT.toSeconds());
        String driver = tool.equals("gangway") ? "dev.gangway.GangwayDriver" : "org.postgresql.Driver";
        Path[] classPath = TestClassPath.entries().stream().map(Path::of).toArray(Path[]::new);
        try (FleetOfClassLoaders fleet = FleetOfClassLoaders.of(size, driver, classPath);
                TcpProxy proxy = TcpProxy.to(TestServer.address())) {
            warmUp(fleet, tool);
            ArrayNode all = result.putArray("rounds");
            for (Duration delay : delays) {
                proxy.delay(delay);
                for (int round = 0; round < rounds; round++) {
                    ObjectNode one = all.addObject();
                    one.put("delayMillis", delay.toMillis());
                    round(fleet, tool, delay.isZero() ? null : proxy, one);
                    System.err.println("  " + size + " at once with " + tool + ", delay: " + delay.toMillis()
                            + " ms, not ready: "
                            + (one.get("failed").asInt() + one.get("unfinished").asInt()));
                }
            }
        }
    }

    private void warmUp(FleetOfClassLoaders fleet, String tool) throws Exception {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        try {
            for (Member member : fleet.members()) {
                try (TestDatabase database = TestServer.newDatabase()) {
                    Thread.currentThread().setContextClassLoader(member.loader());
                    start(member, tool, database.jdbcUrl());
                }
            }
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }
    }

    private void round(FleetOfClassLoaders fleet, String tool, TcpProxy proxy, ObjectNode result) throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            String url = proxy == null ? database.jdbcUrl() : proxy.address().jdbcUrl(database.name());
            List<Outcome<Boolean>> outcomes;
            CountDownLatch over = new CountDownLatch(1);
            Thread watch = new Thread(() -> dropAfterLimit(database, over));
            watch.start();
            try {
                outcomes = fleet.runAll(member -> start(member, tool, url));
            } finally {
                over.countDown();
                watch.join();
            }
            int failed = 0;
            int unfinished = 0;
            String example = "";
            ArrayNode millis = result.putArray("readyAfterMillis");
            for (Outcome<Boolean> outcome : outcomes) {
                if (outcome.failure() == null) {
                    millis.add(outcome.elapsed().toMillis());
                } else if (outcome.elapsed().compareTo(LIMIT) >= 0) {
                    unfinished++;
                } else {
                    failed++;
                    example = root(outcome.failure());
                }
            }
            result.put("failed", failed);
            result.put("unfinished", unfinished);
            if (failed > 0) {
                result.put("failure", example);
            }
        }
    }

    /** What has not ended by then ends when its database is gone. */
    private static void dropAfterLimit(TestDatabase database, CountDownLatch over) {
        try {
            if (!over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                database.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot drop " + database.name(), e);
        }
    }

    private Boolean start(Member member, String tool, String url) throws Exception {
        String[] arguments = {
            tool, url, scripts.folder().toString(), scripts.changeLog().toString()
        };
        try {
            member.loader()
                    .loadClass(Start.class.getName())
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
            return true;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage()).strip();
        return message.lines().findFirst().orElse("").replaceAll("t\\d+_\\w+", "…");
    }
}
