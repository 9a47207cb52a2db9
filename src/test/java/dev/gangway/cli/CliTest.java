package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no database: help, mistakes in the arguments, new files. */
class CliTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Terminal terminal = Terminal.NONE;

    @TempDir
    private Path folder;

    @Test
    void withoutACommandItShowsItsHelpAndEndsWith2() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).startsWith("Usage: gangway").contains("status", "migrate", "restore", "Exit codes: 0 fine");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"help migrate", "migrate --help", "migrate -h"})
    void helpIsAResult(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out()).contains("Usage: gangway migrate", "--target=VERSION", "Examples:");
        assertThat(err()).isEmpty();
    }

    @Test
    void anUnknownCommandIsMetWithTheNearestOne() {
        assertThat(run("statsu")).isEqualTo(2);
        assertThat(err())
                .startsWith("gangway: There is no command 'statsu'.\nDid you mean: gangway status")
                .endsWith("\nSee: gangway --help\n");
    }

    @Test
    void anUnknownOptionIsMetWithTheNearestOne() {
        assertThat(run("status", "--jsn")).isEqualTo(2);
        assertThat(err()).isEqualTo("""
                gangway: Unknown option: '--jsn'
                Possible solutions: --json
                See: gangway status --help
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status|No database. Give --url jdbc:gangway:postgresql://HOST:PORT/DATABASE, or set GANGWAY_URL.",
                "migrate --count x --url jdbc:gangway:postgresql:a|Invalid value for option '--count': 'x' is not an int",
                "migrate --count 0 --url jdbc:gangway:postgresql:a|--count is 0, but at least 1 makes sense.",
                "undo --count 0 --url jdbc:gangway:postgresql:a|--count is 0, but at least 1 makes sense.",
                "migrate --count 1 --target 2|gangway: --target=VERSION, --count=N are mutually exclusive",
                "baseline --url jdbc:gangway:postgresql:a|Missing required parameter: 'VERSION'",
                "restore --url jdbc:gangway:postgresql:a|Missing required parameter: 'FILE'",
                "reset --url jdbc:gangway:postgresql:a|Add --yes if that is meant.",
                "restore x.dump --url jdbc:gangway:postgresql:a|Add --yes if that is meant.",
                "status --color=blue|Invalid value for option '--color'",
                "status --url jdbc:gangway:postgresql:a?user=b --user c|The URL says user already.",
                "status --url jdbc:gangway:postgresql:a --password-file /no/such|cannot be read",
                "status --url jdbc:gangway:postgresql:a --password|--password asks on a terminal",
                "status --url jdbc:gangway:postgresql:a -P password=s3|can be read by everybody",
                "new|Missing required parameter: 'NAME'",
                "new //|neither letters nor digits",
                "new x --folder /no/such|The folder /no/such does not exist.",
            })
    void aMistakeEndsWith2AndSaysWhatToWrite(String args, String message) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err()).startsWith("gangway: ").contains(message);
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--password=s3cret", "--password s3cret", "-P password=s3cret"})
    void aPasswordThatIsGivenIsRefusedAndNotShown(String option) {
        List<String> args = new ArrayList<>(List.of("status", "--url", "jdbc:gangway:postgresql:a"));
        args.addAll(List.of(option.split(" ")));

        assertThat(run(args.toArray(String[]::new))).isEqualTo(2);
        assertThat(err()).doesNotContain("s3cret").contains("--password-file");
    }

    @Test
    void helpIsColouredOnATerminalUnlessNobodyWantsThat() {
        terminal = new Terminal(true, true, true, 80);
        run("help", "status");
        assertThat(out()).contains("\u001b[");

        environment.put("NO_COLOR", "1");
        run("help", "status");
        assertThat(out()).doesNotContain("\u001b[");

        run("status", "--help", "--color=always");
        assertThat(out()).contains("\u001b[");

        environment.clear();
        run("status", "--help", "--color", "never");
        assertThat(out()).doesNotContain("\u001b[");
    }

    @Test
    void aMistakeIsRedWhereStandardErrorIsATerminal() {
        terminal = new Terminal(false, false, true, 80);
        run("status");
        assertThat(err()).startsWith("\u001b[31mgangway:\u001b[0m No database.");
    }

    @Test
    void theVersionIsTextOrJson() {
        assertThat(run("version")).isZero();
        assertThat(out()).startsWith("gangway development (pgjdbc 42.7, Java ");
        run("--version");
        assertThat(out()).startsWith("gangway development (pgjdbc 42.7, Java ");
        run("version", "--json");
        assertThat(out()).startsWith("{\n  \"gangway\": \"development\",\n  \"pgjdbc\": \"42.7\",\n");
    }

    @Test
    void aNewMigrationIsNumberedAndComesWithItsCompanions() throws IOException {
        Files.writeString(folder.resolve("V7__a.sql"), "");

        assertThat(run("new", "add", "users!", "--undo", "--verify", "--folder", folder.toString()))
                .isZero();
        assertThat(out()).isEqualTo("""
                %1$s/V8__add_users.sql
                %1$s/V8__add_users.undo.sql
                %1$s/V8__add_users.verify.sql
                """.formatted(folder));
        assertThat(folder.resolve("V8__add_users.sql"))
                .content()
                .startsWith("-- add users\n")
                .contains("# gangway: ");
    }

    @Test
    void aNewRepeatableMigrationNeverReplacesAnother() throws IOException {
        environment.put("GANGWAY_URL", "jdbc:gangway:postgresql:a?gangway.locations=filesystem:" + folder);
        assertThat(run("new", "view", "--repeatable")).isZero();
        Files.writeString(folder.resolve("R__view.sql"), "mine");

        assertThat(run("new", "view", "--repeatable")).isEqualTo(2);
        assertThat(err()).contains("R__view.sql exists already. Nothing was written.");
        assertThat(folder.resolve("R__view.sql")).hasContent("mine");
    }

    @Test
    void aLineRemovesTheBar() {
        Screen screen = new Screen(err);
        screen.showBar("50%");
        screen.showBar("60%");
        screen.lines().println("INFO line");
        screen.removeBar();

        assertThat(err()).isEqualTo("\r\u001b[2K50%\r\u001b[2K60%\r\u001b[2KINFO line\n");
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = Console.of(stream, new Screen(err), terminal, environment, List.of(args));
        return new Cli(console, List.of(args), options -> {}).run();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
