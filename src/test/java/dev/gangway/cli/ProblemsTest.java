package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {

    @ParameterizedTest
    @CsvSource({
        "28P01, password authentication failed",
        "08004, 'The server requested SCRAM-based authentication, but no password was provided.'",
    })
    void aPasswordIsAskedForOnceAndByTheOptionsOfTheCommandLine(String state, String what) {
        SQLException failure = new SQLException(what + "\n  target: app@db/app\n  next:   check the properties", state);

        assertThat(Problems.message(failure))
                .isEqualTo(
                        "%s\n  target: app@db/app\n  next:   give the role with --user, and its password with --password, --password-file or GANGWAY_PASSWORD",
                        what);
    }

    @Test
    void theCauseStandsBehindWhatItExplains() {
        SQLException failure = new SQLException(
                "The connection attempt failed.\n  target: app@db/app\n  next:   see that the server runs",
                "08001",
                new ConnectException("Connect timed out"));

        assertThat(Problems.message(failure)).isEqualTo("""
                The connection attempt failed. (Connect timed out)
                  target: app@db/app
                  next:   see that the server runs""");
    }
}
