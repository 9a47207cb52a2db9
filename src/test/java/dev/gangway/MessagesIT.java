package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gangway.testkit.ServerAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages that a tired engineer reads at night, whole. */
class MessagesIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void aTypingErrorInASettingNamesTheNearestOne() {
        app.assertRefused("gangway.location=classpath:db")
                .hasMessage("GW004 Unknown setting gangway.location in the JDBC URL. Did you mean gangway.locations?");
    }

    @Test
    void aWrongValueSaysWhichAreRight() {
        app.assertRefused("gangway.mode=validat")
                .hasMessage(
                        "GW004 The value \"validat\" of gangway.mode in the JDBC URL is wrong: it is one of migrate,"
                                + " wait, validate, off.");
        app.assertRefused("gangway.waitTimeout=15")
                .hasMessage(
                        "GW004 The value \"15\" of gangway.waitTimeout in the JDBC URL is wrong: its unit is missing."
                                + " Write 15s or 15ms.");
    }

    @Test
    void aMissingFolderSaysWhereItWasLookedFor() {
        app.assertRefused("gangway.locations=filesystem:/srv/no/such/folder").hasMessage("""
                GW004 The location filesystem:/srv/no/such/folder does not exist: there is no folder\
                 /srv/no/such/folder. Create it, or correct gangway.locations.""");
        app.assertRefused("gangway.locations=classpath:db/typo")
                .hasMessageStartingWith(
                        "GW004 The location classpath:db/typo does not exist: there is no folder db/typo in the ")
                .hasMessageEndingWith(
                        " Put the scripts into src/main/resources/db/typo, or set gangway.locations to where"
                                + " they are, such as filesystem:db/migration.");
    }

    @Test
    void aSyntaxErrorInLineSeventeenIsShownThere() {
        app.add("V1__item.sql", "-- Items.\n".repeat(16) + "  create tabel item (id bigint primary key);\n");
        app.assertRefused().hasMessage("""
                GW001 Migration V1__item.sql failed at line 17, column 10
                  file:      %s
                  statement: create tabel item (id bigint primary key)
                  server:    ERROR: syntax error at or near "tabel" (SQLState 42601)
                  database:  this migration was rolled back as a whole; those before it stay applied, those after it\
                 were not begun
                  next:      correct the file and connect again""", app.place("V1__item.sql", 17, 10));
    }

    @Test
    void aServerThatCannotBeReachedIsNamed() throws Exception {
        ServerAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new ServerAddress("127.0.0.1", socket.getLocalPort(), List.of("user=app", "password=secret"));
        }
        SQLException failure = catchThrowableOfType(SQLException.class, () -> Application.startAt(app.url(nobody)));
        assertThat(failure.getMessage())
                .isEqualTo("""
                Connection to 127.0.0.1:%1$d refused. Check that the hostname and port are correct and that the\
                 postmaster is accepting TCP/IP connections.
                  target: app@127.0.0.1:%1$d/%2$s
                  next:   see that the server runs and accepts TCP/IP, and that host, port and firewall let this machine\
                 through""".formatted(nobody.port(), app.database().name()));
        assertThat(failure.getSQLState()).isEqualTo("08001");
    }

    @Test
    void aWrongPasswordIsNotShown() throws SQLException {
        ServerAddress server = app.database().server();
        String role = app.database().createRole("right");
        SQLException failure = catchThrowableOfType(
                SQLException.class, () -> Application.startAt(app.url(server.as(role, "wr0ng-s3cret"))));
        assertThat(failure.getMessage()).isEqualTo("""
                FATAL: password authentication failed for user "%1$s"
                  target: %1$s@%2$s:%3$d/%4$s
                  next:   check user and password (in the URL or in the properties; the URL wins)""".formatted(
                        role, server.host(), server.port(), app.database().name()));
        assertThat(failure.getSQLState()).isEqualTo("28P01");
        assertThat(failure.toString() + failure.getCause()).doesNotContain("wr0ng-s3cret");
    }

    @Test
    void aPasswordThatIsMissingIsNotTakenForAServerThatIsDown() throws SQLException {
        ServerAddress server = app.database().server();
        String role = app.database().createRole("right");
        SQLException failure =
                catchThrowableOfType(SQLException.class, () -> Application.startAt(app.url(server.as(role, ""))));
        assertThat(failure.getMessage())
                .contains("password")
                .endsWith("\n  next:   give what the server asks for: a password, another sslmode; its pg_hba.conf says"
                        + " what that is");
    }

    @Test
    void aWrongPasswordOfTheRoleThatMigratesIsToldAsSuch() throws SQLException {
        app.add("V1__item.sql", "create table item()");
        String role = app.database().createRole("right");
        String url = app.url("gangway.migrationUser=" + role, "gangway.migrationPassword=wr0ng-s3cret");
        SQLException failure = catchThrowableOfType(SQLException.class, () -> Application.startAt(url));
        assertThat(failure.getMessage())
                .contains("password authentication failed for user \"" + role + "\"\n  target: " + role + "@")
                .contains(
                        "(the connection that migrates; see gangway.migrationUrl, migrationUser and migrationPassword)\n"
                                + "  next:   check user and password")
                .doesNotContain("wr0ng-s3cret");
    }
}
