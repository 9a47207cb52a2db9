package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gangway.report.MigrateReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What scripts rely on. */
class JsonTest {

    @Test
    void aReportIsOneDocumentWithTheNamesOfItsComponents() {
        assertThat(Json.of(new MigrateReport("app@db:5432/app", List.of("V1__a.sql"), List.of(), null, 7)))
                .isEqualTo("""
                        {
                          "target": "app@db:5432/app",
                          "applied": [
                            "V1__a.sql"
                          ],
                          "deferred": [],
                          "version": null,
                          "durationMillis": 7
                        }
                        """);
    }

    @Test
    void timesAreIso8601AndStatesInSmallLetters() {
        JsonObject applied =
                parse(Reports.STATUS).getAsJsonArray("migrations").get(0).getAsJsonObject();

        assertThat(applied.get("installedOn").getAsString()).isEqualTo("2026-11-20T18:30:01.500Z");
        assertThat(applied.get("status").getAsString()).isEqualTo("applied");
        assertThat(applied.keySet())
                .containsExactly("version", "description", "kind", "type", "script", "status", "installedOn", "note");
    }

    @Test
    void statusAndValidationTellTheirVerdict() {
        assertThat(parse(Reports.STATUS).get("current").getAsBoolean()).isFalse();
        assertThat(parse(Reports.VALIDATION).get("valid").getAsBoolean()).isFalse();
    }

    @Test
    void whatIsInAScriptStaysAsItIs() {
        JsonObject plan = parse(Reports.PLAN);

        assertThat(Json.of(Reports.PLAN)).contains("\"sql\": \"CREATE INDEX i ON documents (a);\"");
        assertThat(plan.getAsJsonArray("steps")
                        .get(0)
                        .getAsJsonObject()
                        .get("risk")
                        .getAsString())
                .isEqualTo("high");
        assertThat(Json.of(new VersionReport("<'&\"\n>", "é", "\u0001")))
                .contains("\"<'&\\\"\\n>\"", "\"é\"", "\"\\u0001\"");
    }

    private static JsonObject parse(Record report) {
        return JsonParser.parseString(Json.of(report)).getAsJsonObject();
    }
}
