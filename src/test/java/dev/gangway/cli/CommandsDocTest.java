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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
        for (String name : commands().keySet()) {
            updated = withHelp(updated, name, help(name, true));
        }
        return withHelp(updated, "common", help("status", false));
    }

    private static String withHelp(String document, String name, String help) {
        int begin = document.indexOf(begin(name));
        if (begin < 0) {
            return document;
        }
        int end = document.indexOf("<!-- help:end -->", begin);
        return document.substring(0, begin + begin(name).length()) + "\n\n```text\n" + help + "\n```\n\n"
                + document.substring(end);
    }

    /** What all commands take stands in the document once. */
    private static String help(String name, boolean own) {
        CommandLine command = Objects.requireNonNull(commands().get(name));
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : List.copyOf(spec.options())) {
            if ((option.order() >= TargetOptions.FIRST) == own && option.group() == null) {
                spec.remove(option);
            }
        }
        return own
                ? command.getUsageMessage().strip()
                : command.getHelp().optionList().stripTrailing();
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
