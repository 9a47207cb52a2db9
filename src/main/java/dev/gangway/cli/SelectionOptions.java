package dev.gangway.cli;

import dev.gangway.command.MigrateOptions;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How much is migrated or planned. */
final class SelectionOptions {

    @ArgGroup
    @Nullable
    Selection selection;

    /** One of them. */
    static final class Selection {
        @Option(names = "--target", paramLabel = "VERSION", description = "Up to this version.")
        @Nullable
        String target;

        @Option(names = "--count", paramLabel = "N", description = "The next N.")
        @Nullable
        Integer count;

        @Option(
                names = "--only",
                paramLabel = "VERSION",
                split = ",",
                description = "These versions and no others: --only 7,9.")
        @Nullable
        Set<String> only;
    }

    /** {@return what was chosen; all that is pending if nothing was} */
    MigrateOptions options(CliCommand command) {
        if (selection == null) {
            return MigrateOptions.ALL;
        }
        if (selection.count != null) {
            if (selection.count < 1) {
                throw command.usage("--count is " + selection.count + ", but at least 1 makes sense.");
            }
            return MigrateOptions.next(selection.count);
        }
        if (selection.only != null) {
            return MigrateOptions.only(new LinkedHashSet<>(selection.only));
        }
        return selection.target == null ? MigrateOptions.ALL : MigrateOptions.upTo(selection.target);
    }
}
