package dev.gangway.torture;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Torture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Each thing that processes do to a schema, and in its course a death: of a connection, the network, sessions, the server,
 * the process; at each message that the process sends. What must hold after that stands at {@link Ordeal}.
 *
 * <p>Usually a sample of the cuts is made, always the same one; with {@code -Dtest.torture=true} all of them, or with
 * {@code -Dtest.every=4} besides a quarter.
 * {@code -Dtest.cut="small migrations CRASH_SERVER BEFORE_ITS_ANSWER 12"} makes one, as a failure's message names it, or
 * with less words all that begin so, and shows the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(4 * 3600)
class CutEverywhereIT {
    private static final int WORKERS = 2;
    private static final int EVERY = Integer.getInteger("test.every", 1);
    private static final String ONLY = System.getProperty("test.cut", "");

    private final org.slf4j.Logger report = LoggerFactory.getLogger("torture");
    private final Totals totals = new Totals();
    private final Queue<Ordeal.CutOff> cutOff = new ConcurrentLinkedQueue<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private final List<Arena> arenas = new ArrayList<>();
    private WaitingJvms jvms;
    private int offset;

    @BeforeAll
    void begin() {
        for (int i = 0; i < WORKERS; i++) {
            arenas.add(new Arena());
        }
        jvms = new WaitingJvms(WORKERS);
        level("torture", Level.INFO);
        if (!ONLY.matches(".* [0-9]+")) {
            level("dev.gangway", Level.OFF); // thousands of lost connections
        }
    }

    @AfterAll
    void end() throws Exception {
        workers.shutdownNow();
        try {
            cutOff.forEach(Ordeal.CutOff::awaitEnd);
        } finally {
            Gates.clear();
            level("dev.gangway", Level.INFO);
            jvms.close();
            arenas.forEach(Arena::close);
        }
        report.info("\n{}", totals.markdown());
        Path file = Path.of(System.getProperty("project.build.directory", "target"), "torture", "cuts.md");
        Files.createDirectories(file.getParent());
        Files.writeString(file, totals.markdown());
    }

    static Stream<Scenario> scenarios() {
        return Scenarios.all().stream()
                .filter(scenario ->
                        ONLY.startsWith(scenario + " ") || scenario.name().startsWith(ONLY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void nothingIsLostWhereverItIsCut(Scenario scenario, @TempDir Path directory) throws Exception {
        Stage stage = Stage.of(scenario, directory);
        Reference reference = Reference.of(stage, arenas.get(0));
        Queue<Cut> left = new ConcurrentLinkedQueue<>(cuts(scenario, reference.messages()));
        Queue<String> broken = new ConcurrentLinkedQueue<>();
        List<Future<?>> working = new ArrayList<>();
        for (Arena arena : arenas) {
            Ordeal ordeal = new Ordeal(stage, reference, arena, jvms::take, cutOff);
            working.add(workers.submit(() -> work(ordeal, left, broken)));
        }
        for (Future<?> worker : working) {
            worker.get();
        }
        Gates.clear();
        report.info("\n{}", totals.close(scenario, reference.messages()));
        assertThat(broken).as(scenario.name()).isEmpty();
    }

    private List<Cut> cuts(Scenario scenario, int messages) {
        if (ONLY.startsWith(scenario + " ")) {
            return Cuts.all(messages, 1).stream()
                    .filter(cut -> (scenario + " " + cut + " ").startsWith(ONLY + " "))
                    .toList();
        }
        return Torture.full() ? Cuts.all(messages, scenario.every() * EVERY) : Cuts.sample(messages, ++offset);
    }

    private void work(Ordeal ordeal, Queue<Cut> left, Queue<String> broken) {
        for (Cut cut = left.poll(); cut != null; cut = left.poll()) {
            try {
                String ending = ordeal.make(cut);
                if (!ending.isEmpty()) {
                    totals.add(cut, ending);
                }
            } catch (Exception | AssertionError e) {
                StringBuilder text = new StringBuilder(ordeal.stage().scenario() + " " + cut);
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                    text.append("\n  ").append(cause);
                }
                report.error(text.toString(), e);
                broken.add(text.toString());
            }
        }
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }
}
