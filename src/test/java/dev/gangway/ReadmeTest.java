package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import dev.gangway.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the README says that the code says too. */
class ReadmeTest {
    private static final String BEGIN = "<!-- settings:begin -->";
    private static final String END = "<!-- settings:end -->";

    private static String readme;

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void itsSettingsAreThoseOfTheCode() {
        assertThat(readme).contains(BEGIN).contains(END);

        String table = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));

        assertThat(table.strip())
                .as("paste Setting.markdownTable() between the two markers")
                .isEqualTo(Setting.markdownTable());
    }

    @Test
    void everyFileThatItLeadsToIsThere() {
        Matcher links = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(readme);
        while (links.find()) {
            assertThat(Path.of(links.group(1))).exists();
        }
    }

    @Test
    void eachFeatureLeadsToTheTestThatProvesIt() {
        String table = readme.substring(readme.indexOf("## Features"), readme.indexOf("## Use it"));
        table.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| --- |") && !line.startsWith("| Licence"))
                .skip(1)
                .forEach(line ->
                        assertThat(line).containsPattern("\\(src/test/java/dev/gangway/[\\w/]+(IT|Test)\\.java\\)"));
    }

    @Test
    void itExplainsEveryErrorCode() {
        for (Code code : Code.values()) {
            assertThat(readme).contains("\n| " + code.id() + " | ");
        }
    }

    @Test
    void itNamesTheDriverClassThatFrameworksNeed() {
        assertThat(readme)
                .contains("spring.datasource.driver-class-name=" + GangwayDriver.class.getName())
                .contains("setDriverClassName(\"" + GangwayDriver.class.getName() + "\")");
    }
}
