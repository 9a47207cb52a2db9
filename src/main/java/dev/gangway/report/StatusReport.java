package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a schema stands.
 *
 * @param target     {@code user@host:port/database}
 * @param schema     that of the history
 * @param version    the highest applied version; null when there is none
 * @param migrations all that the files or the history know, in the order in which they are or would be applied
 * @param warnings   what is worth telling although nothing is wrong
 */
public record StatusReport(
        String target, String schema, @Nullable String version, List<MigrationInfo> migrations, List<String> warnings) {

    public StatusReport {
        migrations = List.copyOf(migrations);
        warnings = List.copyOf(warnings);
    }

    /** {@return whether an application may have its connection without anything being applied} */
    public boolean current() {
        return migrations.stream().noneMatch(migration -> switch (migration.status()) {
            case PENDING, FAILED, STARTED, CHANGED -> true;
            default -> false;
        });
    }
}
