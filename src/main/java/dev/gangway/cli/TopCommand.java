package dev.gangway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gangway} without a command: says which there are. */
@Command(
        name = "gangway",
        description =
                "Migrates PostgreSQL schemas: the same work that Gangway's JDBC driver does on the first connection.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = TopCommand.Version.class,
        footer = {
            "",
            "Exit codes: 0 fine, 1 failed, 2 wrong usage or setting, 3 pending or invalid (status, validate).",
            "",
            "  gangway status --url jdbc:gangway:postgresql://localhost/app --user app --password",
            "  gangway help migrate"
        })
final class TopCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    /** Filled by picocli. */
    @Spec
    CommandSpec spec = CommandSpec.create();

    TopCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.err().lines());
        return ExitCode.USAGE.value();
    }

    /** For {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {VersionReport.ofThisProcess().text()};
        }
    }
}
