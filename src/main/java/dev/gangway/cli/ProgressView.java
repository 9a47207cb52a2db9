package dev.gangway.cli;

import dev.gangway.MigrationListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on a terminal how far a long migration is: one bar for each of its phases, gone when the phase is over, so that the
 * log reads as if there had been none. Waiting is told by the log itself.
 */
final class ProgressView implements MigrationListener {
    /** A terminal breaks lines that fill it. */
    private static final int MARGIN = 1;

    private static final int WIDEST = 120;

    private final Console console;
    private @Nullable ProgressBar bar;
    private @Nullable OnScreen screen;
    private @Nullable Step step;
    private String phase = "";

    ProgressView(Console console) {
        this.console = console;
    }

    @Override
    public synchronized void progress(Progress event) {
        ProgressBar shown = bar;
        if (shown == null || !event.step().equals(step) || !event.phase().equals(phase)) {
            end();
            shown = begin(event);
        }
        if (event.total() != null) {
            shown.maxHint(event.total());
        }
        shown.stepTo(event.done());
    }

    @Override
    public synchronized void stepDone(StepDone event) {
        end();
    }

    @Override
    public synchronized void failed(Failed event) {
        end();
    }

    @Override
    public synchronized void done(Done event) {
        end();
    }

    private ProgressBar begin(Progress event) {
        OnScreen shown = new OnScreen();
        ProgressBar begun = new ProgressBarBuilder()
                .setTaskName(event.step().script())
                .setInitialMax(event.total() == null ? -1 : event.total())
                .setUnit(" " + event.unit(), 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                // Also when nothing has changed: a log line has removed it meanwhile, and time goes on.
                .continuousUpdate()
                .setConsumer(shown)
                .clearDisplayOnFinish()
                .build();
        begun.setExtraMessage(" " + event.phase());
        bar = begun;
        screen = shown;
        step = event.step();
        phase = event.phase();
        return begun;
    }

    private void end() {
        if (bar != null) {
            bar.close();
            bar = null;
            step = null;
        }
        if (screen != null) {
            screen.end();
            screen = null;
        }
    }

    /** A bar is closed on a thread of its own and may draw itself once more meanwhile, which nobody should see. */
    private final class OnScreen implements ProgressBarConsumer {
        private boolean ended;

        @Override
        public int getMaxRenderedLength() {
            return Math.min(console.terminal().width() - MARGIN, WIDEST);
        }

        @Override
        public synchronized void accept(String rendered) {
            if (!ended) {
                console.err().showBar(rendered);
            }
        }

        @Override
        public void close() {
            end();
        }

        synchronized void end() {
            if (!ended) {
                ended = true;
                console.err().removeBar();
            }
        }
    }
}
