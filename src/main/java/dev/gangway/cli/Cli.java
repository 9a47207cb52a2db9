package dev.gangway.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command line as a whole: reads arguments, runs the command, tells what went wrong. */
final class Cli {
    private static final int WIDEST_HELP = 100;

    /** What picocli can at least do with. */
    private static final int NARROWEST_HELP = 60;

    private final Console console;
    private final List<String> args;

    Cli(Console console, List<String> args) {
        this.console = console;
        this.args = args;
    }

    /** {@return the command line that this process was started with} */
    static Cli ofThisProcess(String[] args) {
        List<String> given = List.of(args);
        return new Cli(Console.ofThisProcess(given), given);
    }

    /** Runs the command; {@return the exit code} */
    int run() {
        return commandLine(console).execute(args.toArray(String[]::new));
    }

    /** {@return all commands, ready to parse} */
    static CommandLine commandLine(Console console) {
        CommandLine top = new CommandLine(new TopCommand(console));
        for (CliCommand command : List.of(
                new StatusCommand(console),
                new MigrateCommand(console),
                new PlanCommand(console),
                new ValidateCommand(console),
                new HistoryCommand(console),
                new UndoCommand(console),
                new BaselineCommand(console),
                new RepairCommand(console),
                new UnlockCommand(console),
                new ResetCommand(console),
                new BackupCommand(console),
                new RestoreCommand(console),
                new NewCommand(console),
                new VersionCommand(console))) {
            top.addSubcommand(command);
        }
        top.addSubcommand(new CommandLine.HelpCommand());
        top.setOut(new PrintWriter(console.out(), true));
        top.setErr(new PrintWriter(console.err().lines(), true));
        top.setColorScheme(Help.defaultColorScheme(console.outStyle().colours() ? Ansi.ON : Ansi.OFF));
        top.setUsageHelpWidth(Math.max(
                NARROWEST_HELP, Math.min(WIDEST_HELP, console.terminal().width())));
        top.getSubcommands().values().forEach(command -> {
            UsageMessageSpec usage = command.getCommandSpec().usageMessage();
            usage.sortOptions(false);
            usage.abbreviateSynopsis(true);
        });
        Problems problems = new Problems(console);
        top.setParameterExceptionHandler(problems::usage);
        top.setExecutionExceptionHandler((exception, command, parsed) ->
                problems.failure(exception, command.getCommand() instanceof CliCommand own && own.output.debug));
        return top;
    }
}
