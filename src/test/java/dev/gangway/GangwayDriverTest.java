package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class GangwayDriverTest {
    private static final String URL = "jdbc:gangway:postgresql://db:5432/app";

    private final GangwayDriver driver = new GangwayDriver();

    @Test
    void theDriverManagerFindsItWithoutAnybodyNamingTheClass() throws Exception {
        assertThat(DriverManager.getDriver(URL)).isInstanceOf(GangwayDriver.class);
    }

    @Test
    void itAcceptsItsOwnPrefixAndNoOther() throws Exception {
        assertThat(driver.acceptsURL(URL)).isTrue();
        assertThat(driver.acceptsURL("jdbc:gangway:postgresql:app")).isTrue();
        assertThat(driver.acceptsURL("jdbc:postgresql://db:5432/app")).isFalse();
        assertThat(driver.acceptsURL("")).isFalse();
    }

    @Test
    void itAnswersAnotherDriversUrlWithNull() throws Exception {
        try (Connection connection = driver.connect("jdbc:postgresql://db:5432/app", new Properties())) {
            assertThat((Object) connection).isNull();
        }
    }

    @Test
    void aNullUrlIsAnSqlException() {
        assertThatThrownBy(() -> driver.acceptsURL(null)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> driver.connect(null, new Properties())).isInstanceOf(SQLException.class);
    }

    @Test
    void aUrlWithItsPrefixButForAnotherDatabaseSaysWhatIsPossible() {
        assertThatThrownBy(() -> driver.connect("jdbc:gangway:mysql://db/app", new Properties()))
                .isInstanceOf(GangwayException.Permanent.class)
                .hasMessageContaining("GW004")
                .hasMessageContaining("jdbc:gangway:postgresql:");
    }

    @Test
    void nullPropertiesAreAsGoodAsNone() {
        assertThatThrownBy(() -> driver.connect("jdbc:gangway:postgresql://127.0.0.1:1/app?user=u", null))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void itsPropertiesAreGangwaysThenPgjdbcs() throws Exception {
        Properties info = new Properties();
        info.setProperty("gangway.mode", "wait");
        DriverPropertyInfo[] properties = driver.getPropertyInfo(URL + "?gangway.target=7&sslmode=require", info);
        List<String> names =
                Arrays.stream(properties).map(property -> property.name).toList();

        assertThat(names).startsWith("gangway.locations", "gangway.mode").contains("sslmode", "user", "password");
        assertThat(find(properties, "gangway.mode").value).isEqualTo("wait");
        assertThat(find(properties, "gangway.mode").choices).contains("migrate", "validate");
        assertThat(find(properties, "gangway.target").value).isEqualTo("7");
        assertThat(find(properties, "gangway.locations").description).isNotBlank();
        assertThat(find(properties, "sslmode").value).isEqualTo("require");
    }

    @Test
    void itsPropertiesCanBeAskedForWithoutAny() throws Exception {
        assertThat(driver.getPropertyInfo(URL, null)).isNotEmpty();
        assertThat(driver.getPropertyInfo("jdbc:postgresql://db/app", null)).isEmpty();
    }

    @Test
    void itTellsItsVersionAndThatItIsNotWhollyCompliant() {
        assertThat(driver.getMajorVersion()).isEqualTo(0);
        assertThat(driver.getMinorVersion()).isEqualTo(1);
        assertThat(driver.jdbcCompliant()).isFalse();
        assertThatThrownBy(driver::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
    }

    @Test
    void itCanBeTakenOutAndPutBack() throws Exception {
        GangwayDriver.deregister();
        try {
            assertThat(DriverManager.drivers()).noneMatch(GangwayDriver.class::isInstance);
        } finally {
            GangwayDriver.register();
        }
        assertThat(DriverManager.drivers()).anyMatch(GangwayDriver.class::isInstance);
    }

    private static DriverPropertyInfo find(DriverPropertyInfo[] properties, String name) {
        return Arrays.stream(properties)
                .filter(property -> property.name.equals(name))
                .findFirst()
                .orElseThrow();
    }
}
