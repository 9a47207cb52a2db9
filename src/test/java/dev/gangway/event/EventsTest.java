package dev.gangway.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.MigrationListener;
import dev.gangway.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of a migration that takes long. */
@Timeout(60)
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch letGo = new CountDownLatch(1);

    private final Events events = Events.of(
            "app@db:5432/app",
            List.of(new MigrationListener() {
                @Override
                public void progress(Progress event) {
                    heard.add(event.step().script() + " " + event.done());
                    try {
                        letGo.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void stepDone(StepDone event) {
                    heard.add(event.step().script() + " done");
                }
            }),
            null);

    @Test
    void whoeverTellsOfProgressDoesNotWaitForAListener() {
        events.stepStarted("1", "V1__long.sql", false);
        progress(1);
        Await.until("the first is heard", PATIENCE, () -> !heard.isEmpty());
        progress(2);
        progress(3);
        letGo.countDown();
        Await.until("the latest is heard", PATIENCE, () -> heard.size() == 2);

        events.stepDone(Duration.ofSeconds(1));
        progress(4);

        assertThat(heard).containsExactly("V1__long.sql 1", "V1__long.sql 3", "V1__long.sql done");
    }

    @Test
    void progressOfAMigrationThatIsDoneIsNotToldAnyMore() {
        events.stepStarted("1", "V1__long.sql", false);
        progress(1);
        Await.until("the first is heard", PATIENCE, () -> !heard.isEmpty());
        progress(2);
        Thread done = new Thread(() -> events.stepDone(Duration.ofSeconds(1)));
        done.start();
        Await.until("both wait for the listener", PATIENCE, () -> done.getState() == Thread.State.WAITING);
        letGo.countDown();
        Await.until("all is told", PATIENCE, () -> !done.isAlive());

        assertThat(heard).containsExactly("V1__long.sql 1", "V1__long.sql done");
    }

    private void progress(long done) {
        events.progress("building index: loading tuples", done, 10L, "blocks", Duration.ofSeconds(done));
    }
}
