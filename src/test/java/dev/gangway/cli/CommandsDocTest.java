package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help texts in docs/commands.md are those of the commands; {@link #main} puts them there. */
class CommandsDocTest {
    private static final Path DOCUMENT = Path.of("docs", "commands.md");

    @Test
    void itsHelpTextsAreThoseOfTheCommands() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(document).as("run the main method of this class").isEqualTo(withHelp(document));
    }

    @Test
    void itHasEveryCommand() throws IOException {
        String document = Files.readString(DOCUMENT);

        for (String command : commands().keySet()) {
            if (!command.equals("help")) {
                assertThat(document).contains("\n## " + command + "\n", "\n" + begin(command) + "\n");
            }
        }
    }

    public static void main(String[] args) throws IOException {
        Files.writeString(DOCUMENT, withHelp(Files.readString(DOCUMENT)));
    }

    private static String withHelp(String document) {
        String updated = document;
        for (Map.Entry<String, CommandLine> command : commands().entrySet()) {
            int begin = updated.indexOf(begin(command.getKey()));
            if (begin >= 0) {
                int end = updated.indexOf("<!-- help:end -->", begin);
                updated = updated.substring(0, begin + begin(command.getKey()).length()) + "\n\n```text\n"
                        + command.getValue().getUsageMessage().strip() + "\n```\n\n" + updated.substring(end);
            }
        }
        return updated;
    }

    private static String begin(String command) {
        return "<!-- help:" + command + " -->";
    }

    private static Map<String, CommandLine> commands() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Cli.commandLine(Console.of(nowhere, new Screen(nowhere), Terminal.NONE, Map.of(), List.of()))
                .getSubcommands();
    }
}
