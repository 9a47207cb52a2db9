package dev.gangway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private final Map<String, String> url = new HashMap<>();
    private final Properties properties = new Properties();
    private final Properties system = new Properties();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> file = new HashMap<>();

    @Test
    void withoutAnySettingTheDefaultsApply() throws SQLException {
        Settings settings = read();

        assertThat(settings.locations()).containsExactly("classpath:db/migration");
        assertThat(settings.mode()).isEqualTo(Settings.Mode.MIGRATE);
        assertThat(settings.target()).isNull();
        assertThat(settings.schema()).isNull();
        assertThat(settings.historyTable()).isEqualTo("gangway_history");
        assertThat(settings.stateTable()).isEqualTo("gangway_state");
        assertThat(settings.migrationUrl()).isNull();
        assertThat(settings.transaction()).isEqualTo(Settings.TransactionMode.EACH);
        assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.lockRetries()).isEqualTo(20);
        assertThat(settings.indexMemory()).isEqualTo(MemoryLimit.AUTO);
        assertThat(settings.waitTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.recheck()).isEqualTo(Settings.Recheck.FIRST);
        assertThat(settings.source(Setting.MODE)).isEqualTo(SettingSource.DEFAULT);
    }

    /** Each row sets the setting in its own place and in all the weaker ones. */
    @ParameterizedTest
    @EnumSource
    void theStrongestPlaceWins(SettingSource strongest) throws SQLException {
        for (SettingSource source : SettingSource.values()) {
            if (source.compareTo(strongest) >= 0) {
                put(source, "gangway.target", "GANGWAY_TARGET", version(source));
                put(source, "gangway.placeholders.vectorSize", "GANGWAY_PLACEHOLDERS_VECTOR_SIZE", source.name());
            }
        }
        Settings settings = read();
        boolean unset = strongest == SettingSource.DEFAULT;

        assertThat(settings.target()).isEqualTo(unset ? null : version(strongest));
        assertThat(settings.source(Setting.TARGET)).isEqualTo(strongest);
        assertThat(settings.placeholder("vectorSize")).isEqualTo(unset ? null : strongest.name());
        assertThat(settings.source(Setting.PLACEHOLDERS)).isEqualTo(strongest);
    }

    private static String version(SettingSource source) {
        return "1." + List.of(SettingSource.values()).indexOf(source);
    }

    private void put(SettingSource source, String key, String variable, String value) {
        switch (source) {
            case URL -> url.put(key, value);
            case PROPERTIES -> properties.setProperty(key, value);
            case SYSTEM_PROPERTY -> system.setProperty(key, value);
            case ENVIRONMENT -> environment.put(variable, value);
            case FILE -> file.put(key, value);
            case DEFAULT -> {}
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ENVIRONMENT", "DEFAULT"})
    void anUnknownKeyNamesTheNearestAndWhereItStands(SettingSource source) {
        put(source, "gangway.waitTimeuot", "", "1s");

        assertThatThrownBy(this::read)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("GW004 Unknown setting gangway.waitTimeuot in " + source.label())
                .hasMessageContaining("Did you mean gangway.waitTimeout?");
    }

    @ParameterizedTest
    @CsvSource({
        "gangway.Mode, gangway.mode",
        "GANGWAY.MODE, gangway.mode",
        "gangway.location, gangway.locations",
        "gangway.history_table, gangway.historyTable",
        "gangway.placeholder.x, gangway.placeholders.NAME",
        "gangway.placeholders., gangway.placeholders.NAME",
        "gangway.migrationPasword, gangway.migrationPassword",
        "gangway.lockTimeOut, gangway.lockTimeout",
    })
    void theNearestKeyIsWhatWasMeant(String written, String meant) {
        url.put(written, "x");

        assertThatThrownBy(this::read).hasMessageContaining("Did you mean " + meant + "?");
    }

    @Test
    void aKeyFarFromAllNamesAll() {
        url.put("gangway.zzzzzzzzzzzzzzzzzzzzzzzzz", "x");

        assertThatThrownBy(this::read).hasMessageContaining("The settings are gangway.locations, gangway.mode");
    }

    @Test
    void aKeyWithoutItsPrefixInTheFileIsAMistake() {
        file.put("locations", "classpath:a");

        assertThatThrownBy(this::read).hasMessageContaining("Did you mean gangway.locations?");
    }

    @Test
    void aVariableThatLooksMisspeltIsWarnedOfAndOthersAreNot() throws SQLException {
        environment.putAll(Map.of(
                "GANGWAY_MOED", "wait",
                "GANGWAY_TEST_URL", "x",
                "GANGWAY_VERSION", "x",
                "GANGWAY_PLACEHOLDERS_X", "x",
                "PATH", "x"));

        assertThat(read().warnings())
                .containsExactly("The environment variable GANGWAY_MOED has no effect; did you mean GANGWAY_MODE?");
    }

    @Test
    void anEmptyVariableCountsAsAbsent() throws SQLException {
        environment.put("GANGWAY_MODE", "");

        assertThat(read().mode()).isEqualTo(Settings.Mode.MIGRATE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gangway.mode         | automatic | migrate, wait, validate, off",
                "gangway.transaction  | ''        | each, all",
                "gangway.target       | newest    | such as 1.4",
                "gangway.lockTimeout  | 3         | Write 3s or 3ms",
                "gangway.waitTimeout  | soon      | 500ms, 3s, 15m or 1h",
                "gangway.waitTimeout  | -1s       | 500ms, 3s, 15m or 1h",
                "gangway.waitTimeout  | 9999h     | Write 0 for no limit",
                "gangway.lockRetries  | -1        | whole number",
                "gangway.indexMemory  | 512       | Write 512MB or 512kB",
                "gangway.indexMemory  | much      | auto, off or a size such as 65536kB, 512MB or 2GB",
                "gangway.indexMemory  | -1GB      | auto, off or a size such as",
                "gangway.indexMemory  | 64kB      | less than 1MB. Write off",
                "gangway.locations    | a,,b      | missing beside a comma",
                "gangway.schema       | ' '       | it is empty",
                "gangway.migrationUrl | h:5432/d  | jdbc:postgresql://host:5432/database",
                "gangway.migrationUrl | jdbc:gangway:postgresql:d?gangway.mode=off | contains gangway.mode",
                "gangway.adopt        | flyway    | it is one of auto, none",
                "gangway.backup       | ' '       | it is empty",
                "gangway.search       | fast      | it is off, measure, accelerate, or measure,accelerate",
                "gangway.search       | measure,  | it is off, measure, accelerate, or measure,accelerate",
                "gangway.search       | off,measure | it is off, measure, accelerate, or measure,accelerate",
                "gangway.search.table | ' '       | it is empty",
                "gangway.search.table | a.b.c     | it is a table's name such as searches, metrics.searches",
            })
    void aWrongValueSaysWhichWhereAndWhatWouldBeRight(String key, String value, String advice) {
        properties.setProperty(key, value);

        assertThatThrownBy(this::read)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("GW004 The value \"" + value + "\" of " + key + " in the connection properties")
                .hasMessageContaining(advice);
    }

    @Test
    void aWrongValueInTheEnvironmentNamesTheVariable() {
        environment.put("GANGWAY_MODE", "x");

        assertThatThrownBy(this::read).hasMessageContaining("of GANGWAY_MODE in the environment");
    }

    @Test
    void aTableNameThatLeavesNoRoomForItsSiblingIsRefused() {
        url.put("gangway.historyTable", "h".repeat(58));

        assertThatThrownBy(this::read).hasMessageContaining("longer than 57 bytes");
    }

    @Test
    void theStateTableFollowsAChangedHistoryTable() throws SQLException {
        url.put("gangway.historyTable", "schema_log");

        assertThat(read().stateTable()).isEqualTo("schema_log_state");
    }

    @ParameterizedTest
    @CsvSource({"0, PT0S", "500ms, PT0.5S", "3s, PT3S", "15m, PT15M", "1h, PT1H", "1 h, PT1H"})
    void durationsHaveUnits(String written, Duration meant) throws SQLException {
        url.put("gangway.waitTimeout", written);

        assertThat(read().waitTimeout()).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, auto", "off, off", "2GB, 2GB", "2048 mb, 2GB", "65537kB, 65537kB", "1TB, 1TB"})
    void theMemoryForIndexesHasAUnit(String written, String meant) throws SQLException {
        url.put("gangway.indexMemory", written);

        assertThat(read().indexMemory()).hasToString(meant);
    }

    @ParameterizedTest
    @CsvSource({"gangway.backup,off", "gangway.search,off"})
    void whatThisVersionDoesAnywayMayBeSaid(String key, String value) throws SQLException {
        url.put(key, value);

        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void otherToolsHistoriesAreTakenOverUnlessToldOtherwise() throws SQLException {
        assertThat(read().adopt()).isEqualTo(Settings.Adopt.AUTO);
        url.put("gangway.adopt", "none");
        assertThat(read().adopt()).isEqualTo(Settings.Adopt.NONE);
    }

    @Test
    void backupsAreOffUntilThereIsAFolder() throws SQLException {
        assertThat(read().backup()).isNull();
        url.put("gangway.backup", "OFF");
        assertThat(read().backup()).isNull();
        url.put("gangway.backup", " /var/backups/app ");
        assertThat(read().backup()).isEqualTo(Path.of("/var/backups/app"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://h/d?user=o", "jdbc:gangway:postgresql://h/d?user=o"})
    void theMigrationUrlMayHaveOurPrefixOrNot(String written) throws SQLException {
        url.put("gangway.migrationUrl", written);

        assertThat(read().migrationUrl()).isEqualTo("jdbc:postgresql://h/d?user=o");
    }

    @Test
    void aMigrationUrlThatCannotBeReadIsNamedAndShowsNoPassword() {
        environment.put("GANGWAY_MIGRATION_URL", "jdbc:postgresql://h?password=geheim");

        assertThatThrownBy(this::read)
                .hasMessageStartingWith(
                        "GW004 Cannot read GANGWAY_MIGRATION_URL in the environment, jdbc:gangway:postgresql:")
                .hasMessageContaining("a '/' and the name of the database")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void noTextOfTheSettingsShowsASecret() throws SQLException {
        url.put("gangway.migrationUrl", "jdbc:postgresql://h/d?password=geheim");
        url.put("gangway.migrationPassword", "geheim");
        url.put("gangway.placeholders.appPassword", "geheim");

        assertThat(read().toString()).doesNotContain("geheim").contains("migrationPassword=***", "appPassword");
    }

    @Test
    void theCallersPropertiesStayAsTheyAre() throws SQLException {
        Properties defaults = new Properties();
        defaults.setProperty("gangway.mode", "wait");
        defaults.setProperty("user", "u");
        Properties info = new Properties(defaults);
        info.setProperty("gangway.target", "3");
        info.put("password", new Object());
        Object before = info.clone();

        Settings settings =
                new SettingsReader(url, info, system, environment, new SettingsFile("gangway.properties", file)).read();
        Properties forPgjdbc = SettingsReader.withoutOwn(info);

        assertThat(settings.mode()).isEqualTo(Settings.Mode.WAIT);
        assertThat(settings.target()).isEqualTo("3");
        assertThat(forPgjdbc).containsExactly(Map.entry("user", "u"));
        assertThat(info).isEqualTo(before);
    }

    @Test
    void aValueThatIsNoStringIsRefusedInsteadOfOverlooked() {
        properties.put("gangway.lockRetries", 5);

        assertThatThrownBy(this::read)
                .hasMessageContaining("gangway.lockRetries in the connection properties is not a string");
    }

    @ParameterizedTest
    @CsvSource({
        "gangway.waitTimeout, GANGWAY_WAIT_TIMEOUT",
        "gangway.mode, GANGWAY_MODE",
        "gangway.placeholders.vectorDimension, GANGWAY_PLACEHOLDERS_VECTOR_DIMENSION",
        "gangway.placeholders.vector_dimension, GANGWAY_PLACEHOLDERS_VECTOR_DIMENSION",
        "gangway.placeholders.appURLPath2, GANGWAY_PLACEHOLDERS_APP_URL_PATH2",
        "gangway.onNewerSchema, GANGWAY_ON_NEWER_SCHEMA",
    })
    void everyKeyHasItsVariable(String key, String variable) {
        assertThat(Setting.environmentName(key)).isEqualTo(variable);
    }

    @Test
    void theTableHasARowForEachSetting() {
        assertThat(Setting.markdownTable().lines())
                .hasSize(2 + Setting.values().length)
                .allMatch(row -> row.startsWith("| ") && row.endsWith(" |"))
                .contains("| `gangway.placeholders.NAME` | – | The value of `${NAME}` in scripts. |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "off                  | []",
                "OFF                  | []",
                "measure              | [MEASURE]",
                "Accelerate           | [ACCELERATE]",
                "measure,accelerate   | [MEASURE, ACCELERATE]",
                "accelerate , measure | [MEASURE, ACCELERATE]"
            })
    void searchIsOffOrAnyOfItsParts(String written, String meant) throws SQLException {
        url.put("gangway.search", written);

        assertThat(new TreeSet<>(read().search())).hasToString(meant);
    }

    private Settings read() throws SQLException {
        SettingsFile content = new SettingsFile(SettingSource.FILE.label(), file);
        return new SettingsReader(url, properties, system, environment, content).read();
    }
}
