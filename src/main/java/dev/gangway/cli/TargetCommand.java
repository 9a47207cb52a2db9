package dev.gangway.cli;

import dev.gangway.Gangway;
import java.sql.SQLException;
import picocli.CommandLine.Mixin;

/** A command for a database. */
abstract class TargetCommand extends CliCommand {

    @Mixin
    final TargetOptions target = new TargetOptions();

    TargetCommand(Console console) {
        super(console);
    }

    /** {@return the commands for the target that the options name; nothing is connected yet} */
    final Gangway gangway() throws SQLException {
        Gangway.Builder builder = target.builder(this);
        if (console.terminal().err() && !output.quiet) {
            builder.listener(new ProgressView(console));
        }
        return builder.build();
    }
}
