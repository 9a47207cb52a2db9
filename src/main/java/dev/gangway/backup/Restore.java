package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Goodbye;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a database what it was when {@link Backup} saved it: everything in it goes, except extensions, and the dump is
 * put in, all in one transaction. When anything fails, the database is as before.
 *
 * <p>First everything is tried without consequences: the dump is looked at, and the transaction that drops is run and
 * rolled back. So most of what can go wrong does before the real attempt.
 */
public final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
    static final String APPLICATION_NAME = "gangway restore";
    private static final int LISTED = 20;

    /** Background processes have no user; whose type this role may not see is taken for a client. */
    private static final String SESSIONS = """
            SELECT pg_catalog.concat('pid ', pid, ', ', usename,
                CASE WHEN application_name OPERATOR(pg_catalog.<>) '' THEN ', ' END, application_name)
              FROM pg_catalog.pg_stat_activity
             WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
               AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND usesysid IS NOT NULL
               AND (backend_type IS NULL OR backend_type OPERATOR(pg_catalog.=) 'client backend')
             ORDER BY pid""";

    private final Endpoint endpoint;
    private final Target target;
    private final Path file;
    private final Set<Consent> consents;

    /** What is only done when the caller says so. */
    public enum Consent {
        /** Restore although others are connected: what they have open may fail, and they may keep it from getting locks. */
        OTHERS_CONNECTED,
        /** Drop tables whose rows the dump does not hold, because they were created after it. */
        DROP_NEWER_TABLES
    }

    private Restore(Endpoint endpoint, Path file, Set<Consent> consents) {
        this.endpoint = endpoint;
        this.target = endpoint.target();
        this.file = file;
        this.consents = Set.copyOf(consents);
    }

    /**
     * Restores. Asks nothing: the caller has made sure that this is wanted.
     *
     * @param endpoint the server itself, as a role that may drop and create everything in the dump
     * @param file     a dump of a whole database in pg_dump's custom format
     * @param consents what else may happen
     * @return how long it took
     * @throws SQLException when the database is not restored; says why, and the database is as before
     */
    public static Duration from(Endpoint endpoint, Path file, Set<Consent> consents) throws SQLException {
        return from(endpoint, file, consents, ClientTools.installed());
    }

    static Duration from(Endpoint endpoint, Path file, Set<Consent> consents, ClientTools tools) throws SQLException {
        return new Restore(endpoint, file.toAbsolutePath(), consents).run(tools);
    }

    private Duration run(ClientTools tools) throws SQLException {
        long began = System.nanoTime();
        DumpHeader header = DumpHeader.read(file);
        ClientTool pgRestore = tools.find(
                "pg_restore",
                "psql",
                header.toolMajor(),
                "the dump was written by pg_dump " + header.toolVersion(),
                target);
        RestoreScript script = new RestoreScript(pgRestore, file, target);
        DumpContents contents = script.contents();
        List<String> left;
        int serverMajor;
        Connection connection = endpoint.connectForMigration(APPLICATION_NAME);
        try {
            serverMajor = connection.getMetaData().getDatabaseMajorVersion();
            refuseNewerServer(header, serverMajor);
            refuseOthers(connection);
            left = rehearse(connection, contents);
        } finally {
            Connections.close(connection);
        }
        LOG.info(
                "{} - restoring {}, a dump of database {} (PostgreSQL {}), with {}",
                target,
                file,
                header.database(),
                header.serverVersion(),
                pgRestore);
        script.run(endpoint.libpqEnvironment(), contents.without(left), serverMajor);
        Duration duration = Duration.ofNanos(System.nanoTime() - began);
        LOG.info("{} - restored in {} ms", target, duration.toMillis());
        return duration;
    }

    private void refuseNewerServer(DumpHeader header, int serverMajor) throws SQLException {
        if (header.serverMajor() > serverMajor) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "%s: the dump comes from a newer PostgreSQL than this server".formatted(target)
                            + Failures.details(
                                    "dump",
                                    file + ": PostgreSQL " + header.serverVersion() + "; the server: " + serverMajor,
                                    "unchanged",
                                    "restore it on a server of version " + header.serverMajor() + " or newer"));
        }
    }

    private void refuseOthers(Connection connection) throws SQLException {
        if (consents.contains(Consent.OTHERS_CONNECTED)) {
            return;
        }
        List<String> others = Goodbye.await(() -> sessions(connection));
        if (!others.isEmpty()) {
            throw new GangwayException.Transient(
                    Code.MIGRATION_FAILED,
                    "%s: not restored, because other sessions use the database".formatted(target)
                            + Failures.details(
                                    "sessions",
                                    listed(others),
                                    "unchanged",
                                    "stop the applications, or restore although others are connected (--force, RestoreOptions in code)"));
        }
    }

    private static List<String> sessions(Connection connection) throws SQLException {
        return texts(Message.send(connection, SESSIONS).orThrow().rows(0));
    }

    /** Drops everything and rolls it back; {@return the dump's entries that are not to be created} */
    private List<String> rehearse(Connection connection, DumpContents contents) throws SQLException {
        Reply begin = Message.send(connection, CleanSlate.BEGIN);
        Reply tables = begin.error() == null ? Message.send(connection, CleanSlate.TABLES) : begin;
        Reply drop = tables.error() == null ? Message.send(connection, CleanSlate.DROP) : tables;
        Reply left = drop.error() == null ? Message.send(connection, CleanSlate.LEFT) : drop;
        SQLException error = left.error();
        if (error != null) {
            throw cannotBeEmptied(error);
        }
        Message.send(connection, "ROLLBACK").orThrow();
        refuseToLoseTables(texts(tables.rows(0)), contents);
        return texts(left.rows(0));
    }

    private SQLException cannotBeEmptied(SQLException error) {
        String message = "%s: not restored, because what is in the database cannot be dropped".formatted(target);
        if (SqlStates.worthRetrying(error) || SqlStates.connectionLost(error)) {
            return new GangwayException.Transient(
                    Code.MIGRATION_FAILED,
                    message
                            + Failures.details(
                                    "server",
                                    ServerError.describe(error),
                                    "unchanged",
                                    "end the sessions that hold locks, and restore again"),
                    error);
        }
        return new GangwayException.Permanent(
                SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE) ? Code.MISSING_PRIVILEGE : Code.MIGRATION_FAILED,
                message
                        + Failures.details(
                                "server",
                                ServerError.describe(error),
                                "unchanged",
                                "restore as the owner of the database and of what is in it, or as a superuser"),
                error);
    }

    private void refuseToLoseTables(List<String> tables, DumpContents contents) throws SQLException {
        List<String> lost = new ArrayList<>();
        for (String entry : tables) {
            if (!contents.has(entry)) {
                lost.add(entry.substring("TABLE DATA ".length()).replaceFirst(" ", "."));
            }
        }
        if (lost.isEmpty()) {
            return;
        }
        if (!consents.contains(Consent.DROP_NEWER_TABLES)) {
            throw new GangwayException.Permanent(
                    Code.MIGRATION_FAILED,
                    "%s: not restored, because tables would be lost whose rows the dump does not hold".formatted(target)
                            + Failures.details(
                                    "tables",
                                    listed(lost),
                                    "unchanged",
                                    "if they were created after the backup, have them dropped (--drop-newer, RestoreOptions in code);"
                                            + "\nif the dump is of a part of the database only, use pg_restore itself"));
        }
        LOG.warn("{} - the dump does not hold these tables, they are dropped: {}", target, String.join(", ", lost));
    }

    private static String listed(List<String> lines) {
        return lines.size() <= LISTED
                ? String.join("\n", lines)
                : String.join("\n", lines.subList(0, LISTED)) + "\nand " + (lines.size() - LISTED) + " more";
    }

    private static List<String> texts(List<Row> rows) {
        List<String> texts = new ArrayList<>();
        for (Row row : rows) {
            texts.add(row.required(0));
        }
        return texts;
    }
}
