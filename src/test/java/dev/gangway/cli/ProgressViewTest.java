package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.MigrationListener.Progress;
import dev.gangway.MigrationListener.Step;
import dev.gangway.MigrationListener.StepDone;
import dev.gangway.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ProgressView view = new ProgressView(Console.of(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new Screen(err),
            new Terminal(true, true, true, 100),
            Map.of(),
            List.of()));
    private final Step step = new Step("app@db:5432/app", "2", "V2__index.sql", false);

    @Test
    void aBarShowsScriptPhaseAndPerCentAndIsGoneAtTheEnd() {
        view.progress(progress("building index: loading tuples", 30));
        view.progress(progress("building index: loading tuples", 60));
        awaitShown("60%");
        view.stepDone(new StepDone(step, Duration.ofSeconds(3)));

        assertThat(shown())
                .contains("V2__index.sql", "60%", "60/100 tuples", "building index: loading")
                .endsWith("\r\u001b[2K");
    }

    @Test
    void eachPhaseHasItsOwnBar() {
        view.progress(progress("one", 90));
        awaitShown("90%");
        view.progress(progress("two", 10));
        awaitShown("10%");
        view.stepDone(new StepDone(step, Duration.ofSeconds(3)));

        assertThat(shown()).containsSubsequence("90%", "one", "10%", "two");
    }

    @Test
    void anEndWithoutABarShowsNothing() {
        view.stepDone(new StepDone(step, Duration.ZERO));

        assertThat(shown()).isEmpty();
    }

    private Progress progress(String phase, long done) {
        return new Progress(step, phase, done, 100L, "tuples", Duration.ofSeconds(2));
    }

    /** It is drawn on a thread of its own. */
    private void awaitShown(String text) {
        Await.until("the bar shows " + text, Duration.ofSeconds(20), () -> shown().contains(text));
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
