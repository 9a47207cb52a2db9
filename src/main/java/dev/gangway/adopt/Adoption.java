package dev.gangway.adopt;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.KeptTexts;
import dev.gangway.internal.Build;
import dev.gangway.leader.Leader;
import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.plan.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the history of another tool when a schema has none of ours: all of it in one transaction, or nothing. The
 * other tool's table stays as it is, so that one can go back to that tool.
 *
 * <p>Runs under the leader lock, and with it under Flyway's where Flyway was at work; the others have no lock, or none
 * that could be honoured, and must not run at the same moment.
 */
public final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    /** Above this many migrations the log gives only their number. */
    private static final int LINES = 100;

    private final Leader leader;
    private final Files files;
    private final Settings settings;
    private final Texts texts;

    private Adoption(Leader leader, Files files, Settings settings, Texts texts) {
        this.leader = leader;
        this.files = files;
        this.settings = settings;
        this.texts = texts;
    }

    /** Knows what the history keeps of a migration's files. */
    @FunctionalInterface
    public interface Texts {
        KeptTexts of(Migration migration) throws SQLException;
    }

    /**
     * Takes over what another tool has recorded in the history's schema, if there is such a tool and the settings allow
     * it.
     *
     * @param leader of a schema without a history of ours
     * @return our history with all of it; null when there is nothing to take over
     * @throws GangwayException.Permanent GW002 when what is recorded does not fit the files; GW007 when it may not be read
     */
    public static @Nullable HistorySnapshot takeOver(Leader leader, Files files, Settings settings, Texts texts)
            throws SQLException {
        return settings.adopt() == Settings.Adopt.NONE ? null : new Adoption(leader, files, settings, texts).takeOver();
    }

    /**
     * {@return the name of the table whose history the first migrating process will take over, or null}
     *
     * @param ours our own tables, with their schema if there is one
     */
    public static @Nullable String announced(Connection connection, HistoryTable ours, Settings settings)
            throws SQLException {
        if (settings.adopt() == Settings.Adopt.NONE || ours.schema() == null) {
            return null;
        }
        List<ForeignTable> found = ForeignTables.find(connection, ours).histories();
        return found.isEmpty() ? null : found.get(0).name();
    }

    private @Nullable HistorySnapshot takeOver() throws SQLException {
        ForeignTables tables = ForeignTables.find(leader.work(), leader.table());
        if (tables.histories().isEmpty()) {
            return null;
        }
        if (tables.histories().size() > 1) {
            throw severalTools(tables.histories());
        }
        ForeignTable table = tables.histories().get(0);
        ForeignHistory history = read(table, tables);
        if (history == null) {
            throw unknownTable(table);
        }
        Mapping mapping = history.onto(files.migrations());
        if (mapping instanceof Mapping.Refused refused) {
            throw refusal(history.tool(), table, refused);
        }
        Mapping.Taken taken = (Mapping.Taken) mapping;
        if (taken.migrations().isEmpty()) {
            LOG.info(
                    "{} - nothing to take over: {} has applied nothing according to {}",
                    leader.target(),
                    history.tool(),
                    table.sqlName());
            return null;
        }
        HistorySnapshot after = record(taken.migrations());
        tell(history.tool(), table, taken);
        return after;
    }

    private @Nullable ForeignHistory read(ForeignTable table, ForeignTables tables) throws SQLException {
        try {
            return new ForeignHistoryReader(leader.work(), tables, settings::placeholder).read(table);
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                throw mayNotRead(table, tables, e);
            }
            throw e;
        }
    }

    /** Writes it all down, or nothing: one message, which is one transaction. */
    private HistorySnapshot record(List<Adopted> migrations) throws SQLException {
        // The state table begins like this; if somebody else was faster, the fence fails.
        HistorySnapshot empty = HistorySnapshot.beginning();
        HistorySnapshot after = empty;
        List<String> records = new ArrayList<>();
        for (Adopted adopted : migrations) {
            HistoryRow row = adopted.row(after.nextRank());
            Migration file = adopted.file();
            KeptTexts kept = file == null ? KeptTexts.NONE : texts.of(file);
            after = after.with(row);
            records.addAll(leader.table().recordSql(row, null, kept, 0L, Build.VERSION));
        }
        List<String> commands = new ArrayList<>();
        commands.add("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        commands.add("SET LOCAL statement_timeout = 0");
        commands.add(leader.createHistorySql(empty));
        commands.add(leader.table().fenceSql(empty, after));
        commands.addAll(records);
        commands.add("COMMIT");
        SQLException error =
                Message.send(leader.work(), String.join("; ", commands)).error();
        if (error != null) {
            if (!SqlStates.connectionLost(error)) {
                Message.send(leader.work(), "ROLLBACK").orThrow();
            }
            throw leader.explained(error);
        }
        // As it was written, with the server's time stamps.
        return leader.readAgain();
    }

    private void tell(String tool, ForeignTable table, Mapping.Taken taken) {
        int count = taken.migrations().size();
        if (count <= LINES) {
            for (Adopted adopted : taken.migrations()) {
                LOG.info(
                        "{} - took over {} ({}, {})",
                        leader.target(),
                        adopted.row().script(),
                        adopted.row().state().text(),
                        adopted.proof());
            }
        }
        taken.remarks().forEach(remark -> LOG.warn("{} - {}", leader.target(), remark));
        LOG.info(
                "{} - took over {} {} from {}; its table {} stays as it is, and {} has the history from now on",
                leader.target(),
                count,
                count == 1 ? "migration" : "migrations",
                tool,
                table.sqlName(),
                leader.table().historyName());
    }

    private static GangwayException.Permanent refusal(String tool, ForeignTable table, Mapping.Refused refused) {
        StringBuilder text = new StringBuilder(
                "The history of %s in the table %s cannot be taken over:\n".formatted(tool, table.sqlName()));
        for (String problem : refused.problems()) {
            text.append("  - ").append(problem).append('\n');
        }
        text.append("  database: unchanged; nothing was applied\n");
        for (String advice : refused.advice()) {
            text.append("  next:     ").append(advice).append('\n');
        }
        text.append("  or:       if these migrations have nothing to do with those of ")
                .append(tool)
                .append(", set gangway.adopt=none");
        return mismatch(text.toString());
    }

    private static GangwayException.Permanent severalTools(List<ForeignTable> tables) {
        return mismatch("""
                The schema has the histories of several migration tools, and it cannot be told which one built it: %s.
                  database: unchanged; nothing was applied
                  next:     rename or drop the tables that are no longer used, and connect again; or, if none of them has\
                 to do with these migrations, set gangway.adopt=none""".formatted(String.join(
                ", ", tables.stream().map(ForeignTable::sqlName).toList())));
    }

    private static GangwayException.Permanent unknownTable(ForeignTable table) {
        return mismatch("""
                The schema has no history of Gangway's, but the table %s, which is called like the history of a migration\
                 tool and has other columns than the tools have that are known here (%s).
                  database: unchanged; nothing was applied
                  next:     if these migrations have nothing to do with it, set gangway.adopt=none""".formatted(
                        table.sqlName(),
                        table.columns().isEmpty()
                                ? "none"
                                : String.join(", ", table.columns().keySet())));
    }

    private GangwayException.Permanent mayNotRead(ForeignTable table, ForeignTables tables, SQLException error) {
        List<String> names = new ArrayList<>();
        names.add(table.sqlName());
        tables.companions().forEach(companion -> names.add(companion.sqlName()));
        String role = leader.endpoint().target().user();
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not read the history of the tool that has migrated this schema, so it cannot be taken over.
                  server:   %s
                  database: unchanged; nothing was applied
                  next:     let its owner run, in database "%s":  GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT ON %s TO %s;
                            or, if these migrations have nothing to do with it, set gangway.adopt=none""".formatted(
                                role,
                                ServerError.describe(error),
                                leader.facts().database(),
                                Quote.identifier(table.schema()),
                                Quote.identifier(role),
                                String.join(", ", names),
                                Quote.identifier(role)),
                error);
    }

    private static GangwayException.Permanent mismatch(String message) {
        return new GangwayException.Permanent(Code.HISTORY_MISMATCH, message);
    }
}
