package dev.gangway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have in common. Made for one run; not thread-safe. */
abstract class CliCommand implements Callable<Integer> {
    final Console console;

    @Mixin
    final OutputOptions output = new OutputOptions();

    /** Filled by picocli. */
    @Spec
    CommandSpec spec = CommandSpec.create();

    CliCommand(Console console) {
        this.console = console;
    }

    @Override
    public final Integer call() throws Exception {
        return run().value();
    }

    abstract ExitCode run() throws Exception;

    /** {@return the exception that ends the command with this message and {@link ExitCode#USAGE}} */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
