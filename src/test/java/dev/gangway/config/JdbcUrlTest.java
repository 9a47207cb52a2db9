package dev.gangway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//db:5432/app?sslmode=require",
                "//db1:5432,db2,[::1]:5433/app?targetServerType=primary",
                "//[2001:db8::1]/app",
                "///app",
                "//db/",
                "//db/?user=a",
                "app",
                "",
                "app?user=x?y&flag&&=5&empty=",
                "?user=a%20b+c",
                "//db/app?",
                "//db/gangway:postgresql:?ApplicationName=jdbc:gangway:postgresql:",
            })
    void whatIsPgjdbcsStaysAsItIs(String rest) throws SQLException {
        assertThat(JdbcUrl.parse("jdbc:gangway:postgresql:" + rest).postgresUrl())
                .isEqualTo("jdbc:postgresql:" + rest);
    }

    @Property(tries = 2000)
    void ownParametersAtAnyPlaceLeaveTheOriginalBehind(
            @ForAll("servers") String server,
            @ForAll("theirs") List<String> theirs,
            @ForAll("ownValues") List<String> values,
            @ForAll Random random)
            throws SQLException {
        String original = server + (theirs.isEmpty() ? "" : "?" + String.join("&", theirs));
        List<String> parameters = new ArrayList<>(theirs);
        for (int i = 0; i < values.size(); i++) {
            String own = "gangway.placeholders.p" + i + "=" + URLEncoder.encode(values.get(i), StandardCharsets.UTF_8);
            parameters.add(random.nextInt(parameters.size() + 1), own);
        }
        String mixed = server + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));

        JdbcUrl url = JdbcUrl.parse("jdbc:gangway:postgresql:" + mixed);

        assertThat(url.postgresUrl()).isEqualTo("jdbc:postgresql:" + original);
        assertThat(url.ownParameters()).hasSize(values.size());
        for (int i = 0; i < values.size(); i++) {
            assertThat(url.ownParameters()).containsEntry("gangway.placeholders.p" + i, values.get(i));
        }
    }

    @Property(tries = 500)
    void whatWeAcceptPgjdbcCanRead(@ForAll("servers") String server, @ForAll("theirs") List<String> theirs)
            throws SQLException {
        String rest = server + (theirs.isEmpty() ? "" : "?" + String.join("&", theirs));
        String forPgjdbc = JdbcUrl.parse("jdbc:gangway:postgresql:" + rest).postgresUrl();

        assertThat(org.postgresql.Driver.parseURL(forPgjdbc, new Properties())).isNotNull();
    }

    @Provide
    Arbitrary<String> servers() {
        return Arbitraries.of(
                "//db:5432/app", "//a:1,b:2,c/app", "//[::1]:5432/app", "///app", "//db/", "app", "", "//h/a%20b");
    }

    @Provide
    Arbitrary<List<String>> theirs() {
        Arbitrary<String> text = Arbitraries.strings()
                .withChars("abcXYZ019._-?:/=,;+*'\"@ äß€")
                .ofMaxLength(12)
                .filter(parameter -> !parameter.startsWith("gangway"));
        Arbitrary<String> escaped = Arbitraries.of("user=a%26b", "password=%25", "options=-c%20x=y", "flag", "");
        return Arbitraries.oneOf(text, escaped).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> ownValues() {
        return Arbitraries.strings()
                .withCharRange(' ', '\u00ff')
                .ofMaxLength(10)
                .list()
                .ofMaxSize(5);
    }

    @Test
    void ownParametersAreDecodedAsPgjdbcDecodes() throws SQLException {
        JdbcUrl url =
                JdbcUrl.parse("jdbc:gangway:postgresql://h/d?gangway.locations=classpath%3Aa%2Cpack:b+c&gangway.x");

        assertThat(url.ownParameters())
                .containsExactly(Map.entry("gangway.locations", "classpath:a,pack:b c"), Map.entry("gangway.x", ""));
    }

    @Test
    void ownParametersAreOursHoweverCapitalised() throws SQLException {
        JdbcUrl url = JdbcUrl.parse("jdbc:gangway:postgresql://h/d?GangWay.Mode=wait&user=u");

        assertThat(url.ownParameters()).containsOnlyKeys("GangWay.Mode");
        assertThat(url.postgresUrl()).isEqualTo("jdbc:postgresql://h/d?user=u");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:gangway:", "jdbc:gangway:mysql://h/d", "jdbc:gangway:POSTGRESQL://h/d"})
    void anotherDatabaseIsRefusedWithTheRightForm(String url) {
        assertThat(JdbcUrl.accepts(url)).isTrue();
        assertThatThrownBy(() -> JdbcUrl.parse(url))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("GW004")
                .hasMessageContaining("jdbc:gangway:postgresql://host:port/database");
    }

    @Test
    void aUrlOfAnotherDriverIsNotAccepted() {
        assertThat(JdbcUrl.accepts("jdbc:postgresql://h/d")).isFalse();
        assertThat(JdbcUrl.accepts(null)).isFalse();
    }

    @Test
    void theSameSettingTwiceIsRefused() {
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:gangway:postgresql:d?gangway.mode=off&gangway.mode=off"))
                .hasMessageStartingWith("GW004 The setting gangway.mode stands twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gangway.target", "password"})
    void aBrokenEscapeNamesTheParameterAndNotItsValue(String parameter) {
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:gangway:postgresql:d?a=1&" + parameter + "=geheim%zz"))
                .hasMessageStartingWith("GW004")
                .hasMessageContaining(parameter)
                .hasMessageContaining("%25")
                .hasMessageNotContaining("geheim")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "//h, a '/'",
        "//h:x/d, port",
        "//h:70000/d, port",
        "'//,/d', commas",
        "//u:geheim@h/d, ?user=",
        "/d, slashes",
        "//h/a/b, %2F",
        "//::1:x/d, brackets",
        "//h/d&gangway.mode=off, a '?'",
    })
    void whatPgjdbcCannotReadIsRefusedWithTheReasonAndNoPassword(String rest, String reason) {
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:gangway:postgresql:" + rest + "?password=geheim"))
                .hasMessageStartingWith("GW004")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void theTextOfTheUrlShowsNoSecret() throws SQLException {
        String nested = URLEncoder.encode("jdbc:postgresql://h/d?user=o&password=geheim", StandardCharsets.UTF_8);
        JdbcUrl url = JdbcUrl.parse("jdbc:gangway:postgresql://h/d?user=u&password=geheim&sslpassword=ge%68eim"
                + "&gangway.migrationPassword=geheim&gangway.migrationUrl=" + nested);

        assertThat(url.toString())
                .doesNotContain("geheim", "ge%68eim")
                .startsWith("jdbc:gangway:postgresql://h/d?user=u&password=***&sslpassword=***")
                .contains("user%3Do%26password%3D***");
    }

    @Test
    void aPasswordWithAnUnescapedAmpersandIsMaskedWhole() {
        assertThat(Secrets.mask("jdbc:postgresql://h/d?password=ge&heim&user=u"))
                .isEqualTo("jdbc:postgresql://h/d?password=***&user=u");
    }

    @Test
    void aPasswordBeforeTheHostIsMasked() {
        assertThat(Secrets.mask("jdbc:postgresql://u:ge/h@eim@h/d?user=u"))
                .isEqualTo("jdbc:postgresql://u:***@h/d?user=u");
        assertThat(Secrets.mask("jdbc:postgresql://u:ge@h?ei/m x@h:5432/d?user=u"))
                .isEqualTo("jdbc:postgresql://u:***@h:5432/d?user=u");
        assertThat(Secrets.mask("jdbc:postgresql://u:ge?h@h/d")).isEqualTo("jdbc:postgresql://u:***@h/d");
        assertThat(Secrets.mask("jdbc:postgresql://h:5432/d?user=a@b"))
                .isEqualTo("jdbc:postgresql://h:5432/d?user=a@b");
    }
}
