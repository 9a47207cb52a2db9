package dev.gangway.pgjdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibpqEnvironmentTest {

    @Test
    void aPlainUrlNeedsFourVariables() throws SQLException {
        assertThat(environment("jdbc:postgresql://db/app?user=me"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("PGHOST", "db", "PGPORT", "5432", "PGDATABASE", "app", "PGUSER", "me"));
    }

    @Test
    void severalHostsBecomeListsOfWhichThePrimaryIsMeant() throws SQLException {
        assertThat(environment("jdbc:postgresql://[::1]:5433,h2/app?user=me"))
                .containsEntry("PGHOST", "::1,h2")
                .containsEntry("PGPORT", "5433,5432")
                .containsEntry("PGTARGETSESSIONATTRS", "primary");
    }

    @Test
    void noHostIsLocalhost() throws SQLException {
        assertThat(environment("jdbc:postgresql:///app?user=me")).containsEntry("PGHOST", "localhost");
    }

    @ParameterizedTest
    @CsvSource({
        "password=a%26b, PGPASSWORD, a&b",
        "sslmode=verify-ca, PGSSLMODE, verify-ca",
        "ssl=true, PGSSLMODE, verify-full",
        "ssl, PGSSLMODE, verify-full",
        "sslrootcert=/r, PGSSLROOTCERT, /r",
        "sslcert=/c, PGSSLCERT, /c",
        "sslkey=/k, PGSSLKEY, /k",
        "options=-c%20role%3Downer, PGOPTIONS, -c role=owner",
        "connectTimeout=3, PGCONNECT_TIMEOUT, 3",
    })
    void whatLibpqHasTooIsTranslated(String parameter, String variable, String value) throws SQLException {
        assertThat(environment("jdbc:postgresql://db/app?" + parameter)).containsEntry(variable, value);
    }

    @Test
    void anExplicitSslmodeBeatsTheOldSwitch() throws SQLException {
        assertThat(environment("jdbc:postgresql://db/app?ssl=true&sslmode=require"))
                .containsEntry("PGSSLMODE", "require");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslfactory=a.Factory", "socketFactory=a.Factory", "sslpassword=Zq7"})
    void whatLibpqDoesNotHaveIsRefused(String parameter) {
        assertThatThrownBy(() -> environment("jdbc:postgresql://db/app?user=me&" + parameter))
                .hasMessageStartingWith("GW004 ")
                .hasMessageContaining("libpq knows no " + parameter.substring(0, parameter.indexOf('=')) + ".")
                .hasMessageContaining("me@db:5432/app")
                .hasMessageNotContaining("Zq7");
    }

    private static Map<String, String> environment(String url) throws SQLException {
        return Endpoint.of(url, new Properties()).libpqEnvironment();
    }
}
