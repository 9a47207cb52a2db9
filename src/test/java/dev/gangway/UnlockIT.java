package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ending sessions that hang. */
@Timeout(60)
class UnlockIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder).add("V1__held.sql", Hold.HERE);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void usuallyThereIsNothingToDo() throws SQLException {
        assertThat(app.gangway().unlock().ended()).isEmpty();
    }

    @Test
    void theSessionsOfAProcessThatHangsAreEnded() throws Exception {
        Hold hold = Hold.on(app.database());
        try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url())) {
            int worker = hold.awaitHeld();
            Observed observed = Observed.in(app.database());
            int leader = observed.leader();
            child.pause();

            assertThat(app.gangway().unlock().ended())
                    .hasSize(2)
                    .anySatisfy(session -> assertThat(session).startsWith("pid " + leader + " (gangway leader "))
                    .anySatisfy(
                            session -> assertThat(session).startsWith("pid " + worker + " (V1__held.sql), which had"));
            Await.until("both are gone", PATIENCE, () -> observed.leader() == 0 && hold.held() == 0);
            hold.release();
        }
    }

    @Test
    void whoMayNotIsToldWhatToRun() throws Exception {
        String role = app.database().createRole("Zq7");
        app.execute("grant create on schema public to " + role);
        Hold hold = Hold.on(app.database());
        try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url())) {
            hold.awaitHeld();
            Gangway other =
                    Gangway.to(app.url(app.database().server().as(role, "Zq7"))).build();
            app.execute("grant select on gangway_history, gangway_state to " + role);
            assertThatThrownBy(other::unlock)
                    .hasMessageStartingWith("GW007 The role \"" + role + "\" may not end the session")
                    .hasMessageContaining("GRANT pg_signal_backend TO \"" + role + "\"");
            hold.release();
            child.kill9();
        }
    }
}
