package dev.gangway.execute;

import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on to the log what the server remarks while a script runs, with detail and hint. */
final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private Notices() {}

    static void log(Run run, Script script, SQLWarning warning) {
        String message = String.valueOf(warning.getMessage());
        ServerErrorMessage server = warning instanceof PSQLWarning psql ? psql.getServerErrorMessage() : null;
        StringBuilder text = new StringBuilder(message);
        if (server != null) {
            append(text, "detail", server.getDetail());
            append(text, "hint", server.getHint());
        }
        if (isSerious(server, message)) {
            LOG.warn("{} - {}: {}", run.target(), script.migration().script(), text);
        } else {
            LOG.info("{} - {}: {}", run.target(), script.migration().script(), text);
        }
    }

    private static void append(StringBuilder text, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append("; ").append(label).append(": ").append(value);
        }
    }

    private static boolean isSerious(@Nullable ServerErrorMessage server, String message) {
        // pgvector says with a mere NOTICE that an index will be slow to build or bad at finding.
        return message.contains("with little data")
                || message.contains("no longer fits into maintenance_work_mem")
                || (server != null && "WARNING".equals(server.getSeverity()));
    }
}
