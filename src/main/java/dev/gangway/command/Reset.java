package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.command.SchemaObjects.SchemaObject;
import dev.gangway.config.Settings.Mode;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.Precheck;
import dev.gangway.leader.Leader;
import dev.gangway.leader.Leadership;
import dev.gangway.lock.Jitter;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Goodbye;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.report.ResetReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops everything in the history's schema, the history included, in one transaction, so that all migrations can be applied
 * anew. The schema itself stays, with its owner, its grants and its default privileges. Nothing outside of it may vanish.
 */
final class Reset {
    private static final Logger LOG = LoggerFactory.getLogger(Reset.class);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int SHOWN = 20;

    private final Context context;
    private final ResetOptions options;

    Reset(Context context, ResetOptions options) {
        this.context = context;
        this.options = options;
    }

    ResetReport run() throws SQLException {
        refuseMode();
        Precheck check = context.ask();
        if (!options.confirmed()) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG, """
                    reset drops everything in the schema "%s" of %s, with all data.
                      database: unchanged
                      next:     confirm that this is what you want (on the command line with --yes)""".formatted(check.table().schema(), context.target()));
        }
        Leadership leadership = context.leadership(check);
        List<String> dropped = leadership.lead(this::drop);
        LOG.warn(
                "{} - reset the schema {}: dropped {} objects",
                context.target(),
                leadership.table().schema(),
                dropped.size());
        return new ResetReport(
                context.target().toString(), String.valueOf(leadership.table().schema()), dropped);
    }

    /** Where an application may not even migrate, nobody resets by the same settings. */
    private void refuseMode() throws GangwayException.Permanent {
        Mode mode = context.settings().mode();
        if (mode == Mode.VALIDATE || mode == Mode.WAIT) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG, """
                    reset does nothing where gangway.mode is %s: these are the settings of a place where applications may\
                     not even migrate.
                      database: unchanged
                      next:     reset with settings whose mode is migrate, if that schema is yours to drop""".formatted(mode.name().toLowerCase(Locale.ROOT)));
        }
    }

    private List<String> drop(Leader leader) throws SQLException {
        if (!options.evenIfConnected()) {
            refuseWhenConnected(leader);
        }
        for (int attempt = 0; ; attempt++) {
            try {
                return dropOnce(leader);
            } catch (SQLException e) {
                Message.send(leader.work(), "ROLLBACK");
                if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                    throw mayNot(leader, e);
                }
                if (!SqlStates.worthRetrying(e) || attempt >= context.settings().lockRetries()) {
                    throw e;
                }
                LOG.warn("{} - reset is tried again: {}", context.target(), e.getMessage());
                Jitter.pauseUpTo(LONGEST_PAUSE);
            }
        }
    }

    private List<String> dropOnce(Leader leader) throws SQLException {
        Connection work = leader.work();
        SchemaObjects objects = new SchemaObjects(work, leader.schema());
        List<String> begin = new ArrayList<>(List.of(
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                "SET LOCAL statement_timeout = 0",
                "SET LOCAL lock_timeout = " + context.settings().lockTimeout().toMillis()));
        HistorySnapshot history = leader.history();
        if (history != null) {
            begin.add(leader.table().checkSql(history));
        }
        Message.send(work, String.join("; ", begin)).orThrow();
        Set<String> before = objects.elsewhere();
        List<SchemaObject> extensions = objects.extensions();
        List<SchemaObject> all = objects.all();
        for (SchemaObject object :
                Stream.concat(all.stream(), extensions.stream()).toList()) {
            Message.send(work, object.dropSql()).orThrow();
        }
        Set<String> gone = new HashSet<>(before);
        gone.removeAll(objects.elsewhere());
        if (!gone.isEmpty()) {
            Message.send(work, "ROLLBACK").orThrow();
            List<String> lost = objects.describe(gone);
            if (!lost.isEmpty()) {
                throw othersDepend(leader, lost);
            }
            throw new SQLException("objects of other schemas were dropped by others meanwhile", "40001");
        }
        Message.send(work, "COMMIT").orThrow();
        return Stream.concat(all.stream(), extensions.stream())
                .map(SchemaObject::toString)
                .toList();
    }

    private static GangwayException.Permanent othersDepend(Leader leader, List<String> lost) {
        return new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                What is in other schemas depends on what is in "%s", and would be dropped with it:
                    %s
                  database: unchanged; the reset was rolled back
                  next:     drop those first, or move them into the schema""".formatted(leader.schema(), shown(lost)));
    }

    private GangwayException.Permanent mayNot(Leader leader, SQLException error) {
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not drop everything in the schema "%s".
                  server:   %s
                  database: unchanged; the reset was rolled back
                  next:     reset as the role that owns the objects, named with gangway.migrationUser and\
                 gangway.migrationPassword""".formatted(
                                leader.facts().user(),
                                leader.schema(),
                                ServerError.describe(error).replace("\n", "\n            ")),
                error);
    }

    private void refuseWhenConnected(Leader leader) throws SQLException {
        // Of no session, so that the list is never empty.
        List<String> own = new ArrayList<>(List.of("0"));
        Workers.holders(leader.work(), leader.key()).forEach(leading -> own.add(Integer.toString(leading.pid())));
        String sessions = "SELECT a.pid, a.usename, a.application_name FROM pg_catalog.pg_stat_activity a"
                + " WHERE a.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
                + " AND COALESCE(a.backend_type, 'client backend') OPERATOR(pg_catalog.=) 'client backend'"
                + " AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()"
                + " AND a.pid OPERATOR(pg_catalog.<>) ALL (ARRAY[" + String.join(", ", own)
                + "]) ORDER BY a.pid";
        List<Row> rows = Goodbye.await(
                () -> Message.send(leader.work(), sessions).orThrow().rows(0));
        if (!rows.isEmpty()) {
            List<String> others = rows.stream()
                    .map(row -> "pid %s, role %s, application \"%s\"".formatted(row.text(0), row.text(1), row.text(2)))
                    .toList();
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG, """
                    Others are connected to the database "%s", and reset would take the schema away under them:
                        %s
                      database: unchanged
                      next:     stop them, or allow it: --force on the command line, ResetOptions in code""".formatted(leader.facts().database(), shown(others)));
        }
    }

    private static String shown(List<String> lines) {
        return String.join("\n    ", lines.subList(0, Math.min(SHOWN, lines.size())))
                + (lines.size() > SHOWN ? "\n    and " + (lines.size() - SHOWN) + " more" : "");
    }
}
