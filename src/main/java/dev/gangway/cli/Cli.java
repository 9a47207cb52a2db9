package dev.gangway.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
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
    private final Consumer<OutputOptions> logSetup;

    /** @param logSetup what is done before a command runs, and before anything logs */
    Cli(Console console, List<String> args, Consumer<OutputOptions> logSetup) {
        this.console = console;
        this.args = args;
        this.logSetup = logSetup;
    }

    /** {@return the command line that this process was started with} */
    static Cli ofThisProcess(String[] args) {
        List<String> given = List.of(args);
        return new Cli(Console.ofThisProcess(given), given, LogSetup::apply);
    }

    /** Runs the command; {@return the exit code} */
    int run() {
        CommandLine top = commandLine(console);
        top.setExecutionStrategy(parsed -> {
            List<CommandLine> commands = parsed.asCommandLineList();
            if (commands.get(commands.size() - 1).getCommand() instanceof CliCommand command) {
                logSetup.accept(command.output);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return top.execute(args.toArray(String[]::new));
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
        top.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        top.setErr(new PrintWriter(console.err().lines(), true, StandardCharsets.UTF_8));
        top.setColorScheme(Help.defaultColorScheme(console.outStyle().colours() ? Ansi.ON : Ansi.OFF));
        top.setUsageHelpWidth(Math.max(
                NARROWEST_HELP, Math.min(WIDEST_HELP, console.terminal().width())));
        top.getSubcommands().values().forEach(command -> {
            UsageMessageSpec usage = command.getCommandSpec().usageMessage();
            usage.sortOptions(false);
            usage.abbreviateSynopsis(true);
            usage.synopsisHeading("%nUsage: ");
            usage.descriptionHeading("%n");
            usage.parameterListHeading("%n");
            usage.optionListHeading("%n");
        });
        Problems problems = new Problems(console);
        top.setParameterExceptionHandler(problems::usage);
        top.setExecutionExceptionHandler((exception, command, parsed) ->
                problems.failure(exception, command.getCommand() instanceof CliCommand own && own.output.debug));
        return top;
    }
}
