package dev.gangway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayDriver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postgresql.util.URLCoder;

/** Whatever stands in a URL or among the settings: nothing but an SQLException comes of it, and no password shows. */
class HostileSettingsTest {
    private static final String PASSWORD = "s3cr3t";
    private static final SettingsFile NO_FILE = SettingsFile.none();

    @Property(tries = 5000)
    void anyUrlIsReadOrRefused(@ForAll("urls") String url) {
        refusesAtMost(() -> {
            JdbcUrl parsed = JdbcUrl.parse(url);
            assertThat(parsed.postgresUrl()).startsWith("jdbc:postgresql:").doesNotContain("&gangway.");
            // Not its text: in ?gangway.historyTable=a?password=b the password is a part of the name.
            new SettingsReader(parsed.ownParameters(), new Properties(), new Properties(), Map.of(), NO_FILE).read();
        });
        assertThat(Secrets.mask(url)).doesNotContain(PASSWORD);
    }

    @Property(tries = 2000)
    void whatIsLeftOfAUrlMeansToPgjdbcWhatItMeantWithOurParameters(@ForAll("parameters") List<String> parameters) {
        refusesAtMost(() -> {
            String rest = "//db/app?" + String.join("&", parameters);
            JdbcUrl url = JdbcUrl.parse("jdbc:gangway:postgresql:" + rest);
            Properties with = org.postgresql.Driver.parseURL("jdbc:postgresql:" + rest, new Properties());
            Properties without = org.postgresql.Driver.parseURL(url.postgresUrl(), new Properties());
            if (with == null) {
                assertThat(without).isNull();
                return;
            }
            with.keySet().removeIf(key -> Setting.isOurs(key.toString()));
            assertThat(without).isEqualTo(with);
            // What is encoded twice is decoded once, as pgjdbc does.
            url.ownParameters().forEach((name, value) -> assertThat(parameters)
                    .anyMatch(text -> text.equals(name)
                            || (text.startsWith(name + "=")
                                    && URLCoder.decode(text.substring(name.length() + 1))
                                            .equals(value))));
        });
    }

    @Property(tries = 3000)
    void anyValueOfASettingIsTakenOrRefused(
            @ForAll Setting setting, @ForAll("values") String value, @ForAll SettingSource source) {
        // Only the URL that migrates is known to have a password in it.
        Assume.that(setting == Setting.MIGRATION_URL || !value.contains(PASSWORD));
        String key = setting.isFamily() ? setting.key() + "x" : setting.key();
        Properties properties = new Properties();
        properties.setProperty(key, value);
        refusesAtMost(() -> {
            switch (source) {
                case URL ->
                    read(
                            JdbcUrl.parse("jdbc:gangway:postgresql:app?" + key + "="
                                            + URLEncoder.encode(value, StandardCharsets.UTF_8))
                                    .ownParameters(),
                            new Properties());
                case PROPERTIES -> read(Map.of(), properties);
                case SYSTEM_PROPERTY ->
                    new SettingsReader(Map.of(), new Properties(), properties, Map.of(), NO_FILE).read();
                default ->
                    new SettingsReader(
                                    Map.of(),
                                    new Properties(),
                                    new Properties(),
                                    Map.of(Setting.environmentName(key), value),
                                    NO_FILE)
                            .read();
            }
        });
    }

    @Example
    void settingsOfManyPartsDoNotExhaustTheStack() {
        for (String value :
                List.of("1" + ".1".repeat(50_000), ",".repeat(50_000), "1".repeat(50_000), "((((".repeat(50_000))) {
            for (Setting setting : Setting.values()) {
                refusesAtMost(() -> read(
                        Map.of(setting.isFamily() ? setting.key() + "x" : setting.key(), value), new Properties()));
            }
        }
        String url = "jdbc:gangway:postgresql://h:x/d?password=" + PASSWORD + "&".repeat(100_000) + "%";
        refusesAtMost(() -> JdbcUrl.parse(url));
    }

    @Example
    void defaultsThatAreNullAndThingsThatAreNoStringsAreNoSurprise() {
        Properties odd = new Properties(new Properties());
        odd.put("gangway.mode", 1);
        odd.put(2, "gangway.mode");
        odd.put("user", new Object());
        refusesAtMost(() -> new GangwayDriver().connect("jdbc:gangway:postgresql://h/d?gangway.x=1", odd));
        refusesAtMost(() -> new GangwayDriver().getPropertyInfo("jdbc:gangway:postgresql://h/d", odd));
        refusesAtMost(() -> new GangwayDriver().connect("jdbc:gangway:postgresql://h/d", odd));
        refusesAtMost(() -> new GangwayDriver().connect("jdbc:gangway:", null));
        refusesAtMost(() -> new GangwayDriver().getPropertyInfo("jdbc:gangway:", null));
    }

    private static void read(Map<String, String> urlParameters, Properties properties) throws SQLException {
        assertThat(new SettingsReader(urlParameters, properties, new Properties(), Map.of(), NO_FILE)
                        .read()
                        .toString())
                .doesNotContain(PASSWORD);
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws SQLException;
    }

    private static void refusesAtMost(Reading reading) {
        try {
            reading.run();
        } catch (SQLException refused) {
            assertThat(refused.getMessage())
                    .isNotBlank()
                    .doesNotContain(PASSWORD)
                    .doesNotContain("in a way that it should not");
        }
    }

    @Provide
    Arbitrary<String> urls() {
        Arbitrary<String> fragments = Arbitraries.of(
                "jdbc:gangway:postgresql:",
                "jdbc:gangway:",
                "postgresql:",
                "//",
                "/",
                "?",
                "&",
                "=",
                "%",
                "%2",
                "%zz",
                "%00",
                "%C3",
                "+",
                ":",
                "@",
                "[",
                "]",
                "::1",
                ",",
                "db",
                "5432",
                "99999",
                "..",
                "#",
                " ",
                "\u0000",
                "\n",
                "é",
                "😀",
                "\uD800",
                "gangway.",
                "gangway.mode=off",
                "gangway.mode",
                "GANGWAY.MODE=OFF",
                "gangway.placeholders.=x",
                "gangway.placeholders.a=b",
                "%67angway.mode=off",
                "user=a",
                "gangway.target=1.2",
                "gangway.historyTable=%22",
                "sslmode=require",
                "$",
                "${a}",
                "\\",
                "'",
                "\"");
        Arbitrary<String> rest = fragments.list().ofMaxSize(14).map(parts -> String.join("", parts));
        Arbitrary<String> secret = Arbitraries.of(
                "",
                "&password=" + PASSWORD,
                "?password=" + PASSWORD,
                "?gangway.migrationPassword=" + PASSWORD,
                "//u:" + PASSWORD + "@h/d");
        return Combinators.combine(
                        Arbitraries.of("jdbc:gangway:postgresql:", "jdbc:gangway:postgresql://h/d?", ""),
                        secret,
                        rest,
                        Arbitraries.of(true, false))
                .as((beginning, with, text, first) -> beginning + (first ? with + "&" + text : text + with));
    }

    @Provide
    Arbitrary<List<String>> parameters() {
        return Arbitraries.of(
                        "gangway.mode=off",
                        "gangway.mode",
                        "gangway.schema=a%2520b",
                        "gangway.schema=%C3%A9+x",
                        "gangway.schema=",
                        "user=a",
                        "user=b",
                        "user",
                        "",
                        "=",
                        "=x",
                        "a=b=c",
                        "ssl",
                        "password=%2526",
                        "options=-c%20a=b",
                        "ApplicationName=%F0%9F%98%80",
                        "?",
                        "a?gangway.mode=off",
                        "ngangway.mode=off",
                        "gangway=1",
                        "gangwayx=1",
                        "password=a?b",
                        "user=%zz")
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.of(
                        "",
                        " ",
                        "0",
                        "-1",
                        "1s",
                        "99999999999999999999d",
                        "1e9",
                        "0x1",
                        "auto",
                        "off",
                        "latest",
                        "1.",
                        ".1",
                        "1..2",
                        "a".repeat(64),
                        "é".repeat(32),
                        "\"; drop table x; --",
                        "O'Brien",
                        "$$",
                        "${a}",
                        "%s",
                        "%n%d",
                        "\n",
                        "\u202E",
                        "e\u0301",
                        "😀",
                        "..",
                        "../..",
                        "classpath:..",
                        "filesystem:\u0000",
                        "pack:../x",
                        "classpath:a,",
                        "jdbc:postgresql://h:1:2/d",
                        "jdbc:postgresql://u:" + PASSWORD + "@h/d",
                        "jdbc:postgresql:?password=" + PASSWORD + "&x=%",
                        "select"));
    }
}
