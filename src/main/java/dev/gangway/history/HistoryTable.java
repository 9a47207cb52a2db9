package dev.gangway.history;

import static dev.gangway.pgjdbc.Quote.literal;

import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of the history table and of its one-row companion, the state table. Builds text and reads rows; sends nothing.
 *
 * @param schema where both live; null as long as only the server knows the current schema
 * @param history the history table's name
 * @param state   the state table's name
 */
public record HistoryTable(@Nullable String schema, String history, String state) {

    private static final String FENCED_OUT = "gangway: another process has moved the schema on; this step did nothing";

    private static final String NOT_RECORDED =
            "gangway: a trigger on the history table has kept this step from being recorded as it is; rows written: ";

    /** The columns of a new row, but for those that the server fills. */
    static final List<String> INSERTED = List.of(
            "rank",
            "version",
            "description",
            "kind",
            "type",
            "script",
            "checksum",
            "state",
            "breaking",
            "statements_done",
            "rows_changed",
            "requires",
            "undo_sql",
            "script_text",
            "error",
            "gangway_version");

    static final String COLUMNS = "h.rank, h.version, h.description, h.kind, h.type, h.script, h.checksum, h.state,"
            + " h.breaking, h.statements_done, h.rows_changed, h.requires, h.error, h.installed_on";

    /** {@return the same tables in a schema that is known now} */
    public HistoryTable in(String knownSchema) {
        return new HistoryTable(knownSchema, history, state);
    }

    /** {@return the history table's name as SQL, qualified when the schema is known} */
    public String historyName() {
        return qualified(history);
    }

    /** {@return the state table's name as SQL, qualified when the schema is known} */
    public String stateName() {
        return qualified(state);
    }

    private String qualified(String table) {
        return schema == null ? Quote.identifier(table) : Quote.identifier(schema) + "." + Quote.identifier(table);
    }

    /**
     * {@return a query for the state, with all history rows unless the recorded fingerprint is the expected one and no
     * row was removed or added behind our back}
     *
     * @param expected the fingerprint for which the rows are not needed; null when they are needed in any case
     */
    public String snapshotSql(@Nullable String expected) {
        String unlessCurrent = expected == null
                ? "true"
                : "(s.fingerprint OPERATOR(pg_catalog.<>) " + literal(expected)
                        + " OR s.history_rows OPERATOR(pg_catalog.<>) (SELECT pg_catalog.count(*) FROM " + historyName()
                        + "))";
        return "SELECT n.nspname, s.fingerprint, s.epoch, " + unlessCurrent + ", " + COLUMNS
                + " FROM " + stateName() + " s"
                + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) s.tableoid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                + " LEFT JOIN " + historyName() + " h ON " + unlessCurrent
                + " ORDER BY h.rank";
    }

    /**
     * {@return a query that gives one row when the history is exactly what is expected, and none otherwise; cheaper than
     * the whole history for those who wait for it}
     */
    String currentSql(String expected) {
        return "SELECT 1 FROM " + stateName() + " s WHERE s.fingerprint OPERATOR(pg_catalog.=) " + literal(expected)
                + " AND s.history_rows OPERATOR(pg_catalog.=) (SELECT pg_catalog.count(*) FROM " + historyName() + ")";
    }

    /**
     * {@return a query for all rows as people want to see them: rank, version, description, kind, type, script, state,
     * breaking, statements_done, rows_changed, whether it can be undone, error, installed_by, installed_on in microseconds
     * since 1970, duration_ms, gangway_version}
     */
    public String entriesSql() {
        return "SELECT h.rank, h.version, h.description, h.kind, h.type, h.script, h.state, h.breaking,"
                + " h.statements_done, h.rows_changed, h.undo_sql IS NOT NULL, h.error, h.installed_by,"
                + " (EXTRACT(epoch FROM h.installed_on) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8,"
                + " h.duration_ms, h.gangway_version FROM " + historyName() + " h ORDER BY h.rank";
    }

    /** Reads the history columns, which begin at that column of the row. */
    static HistoryRow row(Row row, int from) {
        String version = row.text(from + 1);
        return new HistoryRow(
                row.number(from),
                version == null ? null : Version.parse(version),
                row.required(from + 2),
                Kind.of(row.required(from + 3)),
                row.required(from + 4),
                row.required(from + 5),
                row.text(from + 6),
                State.of(row.required(from + 7)),
                row.bool(from + 8),
                (int) row.number(from + 9),
                row.number(from + 10),
                versions(row.text(from + 11)),
                row.text(from + 12),
                row.required(from + 13));
    }

    private static List<Version> versions(@Nullable String commaList) {
        List<Version> versions = new ArrayList<>();
        if (commaList != null) {
            for (String version : commaList.split(",")) {
                versions.add(Version.parse(version));
            }
        }
        return versions;
    }

    private static @Nullable String commaList(List<Version> versions) {
        if (versions.isEmpty()) {
            return null;
        }
        StringJoiner joined = new StringJoiner(",");
        versions.forEach(version -> joined.add(version.canonical()));
        return joined.toString();
    }

    /**
     * {@return the commands that create both tables unless they exist}
     *
     * @param createSchema whether the schema was named in the settings, and so is ours to create
     * @param epoch        that the new history begins with
     * @param reader       a role, other than the one that migrates, that connects for the application; null for none
     */
    public List<String> createSql(boolean createSchema, @Nullable String reader, long epoch) {
        List<String> commands = new ArrayList<>();
        if (createSchema) {
            commands.add(createSchemaSql(Objects.requireNonNull(schema)));
        }
        commands.add("CREATE TABLE IF NOT EXISTS " + historyName()
                + " (rank bigint PRIMARY KEY, version pg_catalog.text, description pg_catalog.text NOT NULL,"
                + " kind pg_catalog.text NOT NULL, type pg_catalog.text NOT NULL, script pg_catalog.text NOT NULL,"
                + " checksum pg_catalog.text, state pg_catalog.text NOT NULL, breaking boolean NOT NULL,"
                + " statements_done int NOT NULL, rows_changed bigint NOT NULL, requires pg_catalog.text,"
                + " undo_sql pg_catalog.text, script_text pg_catalog.text, error pg_catalog.text,"
                + " installed_by pg_catalog.text NOT NULL, installed_on pg_catalog.timestamptz NOT NULL,"
                + " duration_ms bigint, gangway_version pg_catalog.text NOT NULL)");
        // The last line of defence: whatever else goes wrong, the server refuses to have a migration applied twice.
        commands.add(
                "CREATE UNIQUE INDEX IF NOT EXISTS " + Quote.identifier(history + "_applied") + " ON "
                        + historyName() + " (kind, (COALESCE(version, description)))"
                        + " WHERE state OPERATOR(pg_catalog.=) ANY (ARRAY['applied', 'baseline', 'adopted']::pg_catalog.text[])");
        commands.add("CREATE TABLE IF NOT EXISTS " + stateName()
                + " (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), fingerprint pg_catalog.text NOT NULL,"
                + " epoch bigint NOT NULL, history_rows bigint NOT NULL, step_began pg_catalog.timestamptz NOT NULL)");
        commands.add("INSERT INTO " + stateName() + " (fingerprint, epoch, history_rows, step_began) VALUES ("
                + literal(Fingerprint.EMPTY.text()) + ", " + epoch + ", 0, pg_catalog.now()) ON CONFLICT DO NOTHING");
        if (reader != null) {
            commands.add(grantUsageSql(Objects.requireNonNull(schema), reader));
            commands.add("GRANT SELECT ON " + historyName() + ", " + stateName() + " TO " + Quote.identifier(reader));
        }
        return commands;
    }

    /** Not IF NOT EXISTS, for which the server wants the right to create schemas even where there is nothing to create. */
    private static String createSchemaSql(String schema) {
        String name = Quote.identifier(schema);
        return "DO "
                + literal("BEGIN IF pg_catalog.to_regnamespace(" + literal(name) + ") IS NULL THEN CREATE SCHEMA "
                        + name + "; END IF; END");
    }

    /** Where it is ours to grant; a schema that everybody may use, as public mostly is, stays as it is. */
    private static String grantUsageSql(String schema, String reader) {
        String grant = "BEGIN IF NOT pg_catalog.has_schema_privilege(" + literal(reader) + ", " + literal(schema)
                + ", 'USAGE') AND (SELECT pg_catalog.pg_has_role(n.nspowner, 'USAGE') FROM pg_catalog.pg_namespace n"
                + " WHERE n.nspname OPERATOR(pg_catalog.=) " + literal(schema) + ") THEN GRANT USAGE ON SCHEMA "
                + Quote.identifier(schema) + " TO " + Quote.identifier(reader) + "; END IF; END";
        return "DO " + literal(grant);
    }

    /**
     * {@return the command with which each step begins: it moves the state from what this leader knows to what the step
     * makes of it, and fails when another leader has moved it meanwhile. It also locks the state's row, so that two
     * steps can never run side by side}
     */
    public String fenceSql(HistorySnapshot before, HistorySnapshot after) {
        return fenceSql(fenceValues(before, after));
    }

    /** {@return fence and record as statements that the server plans once, for several steps in one session} */
    public PlannedSteps plannedSteps() {
        return new PlannedSteps(this);
    }

    /** {@return what a fence is made of: fingerprint, epoch and number of rows afterwards, epoch and fingerprint before} */
    static List<String> fenceValues(HistorySnapshot before, HistorySnapshot after) {
        return List.of(
                literal(after.recorded()),
                Long.toString(after.epoch()),
                Integer.toString(after.rows().size()),
                Long.toString(before.epoch()),
                literal(before.recorded()));
    }

    /**
     * {@return the fence}
     *
     * @param values as those of {@link #fenceValues}, or parameters in their place
     */
    String fenceSql(List<String> values) {
        return "WITH moved AS (UPDATE " + stateName() + " AS s SET fingerprint = " + values.get(0)
                + ", epoch = " + values.get(1) + ", history_rows = " + values.get(2)
                + ", step_began = pg_catalog.clock_timestamp()"
                + " WHERE s.epoch OPERATOR(pg_catalog.=) " + values.get(3)
                + " AND s.fingerprint OPERATOR(pg_catalog.=) " + values.get(4)
                + " RETURNING 1)"
                // Not a constant, or the planner would evaluate the failing cast in any case.
                + " SELECT CASE WHEN EXISTS (SELECT FROM moved) THEN 1 ELSE pg_catalog.concat("
                + literal(FENCED_OUT)
                + ", (SELECT pg_catalog.count(*) FROM moved))::pg_catalog.int4 END";
    }

    /**
     * {@return a command that fails as the fence does when somebody has written to the row since, and otherwise locks it:
     * for what is recorded while another process may move the state}
     */
    public String rowFenceSql(HistoryRow known) {
        return "WITH held AS (UPDATE " + historyName() + " AS h SET installed_on = h.installed_on WHERE "
                + isUnchanged(known) + " RETURNING 1)"
                + " SELECT CASE WHEN EXISTS (SELECT FROM held) THEN 1 ELSE pg_catalog.concat("
                + literal(FENCED_OUT)
                + ", (SELECT pg_catalog.count(*) FROM held))::pg_catalog.int4 END";
    }

    /** {@return a command that fails as {@link #rowFenceSql} does, and changes nothing} */
    public String rowCheckSql(HistoryRow known) {
        return "SELECT CASE WHEN EXISTS (SELECT FROM " + historyName() + " AS h WHERE " + isUnchanged(known)
                + ") THEN 1 ELSE pg_catalog.concat(" + literal(FENCED_OUT)
                + ", (SELECT pg_catalog.count(*) FROM " + stateName() + "))::pg_catalog.int4 END";
    }

    private static String isUnchanged(HistoryRow known) {
        return "h.rank OPERATOR(pg_catalog.=) " + known.rank() + " AND h.installed_on OPERATOR(pg_catalog.=) "
                + literal(known.installedOn()) + "::pg_catalog.timestamptz";
    }

    /** {@return the error of a fence, for what another leader was faster with in another way} */
    public static SQLException fencedOut(SQLException cause) {
        return new SQLException(FENCED_OUT, SqlStates.INVALID_TEXT_REPRESENTATION, cause);
    }

    /** {@return whether an error is that of a fence: another leader was faster, and nothing was done} */
    public static boolean isFencedOut(SQLException error) {
        return SqlStates.is(error, SqlStates.INVALID_TEXT_REPRESENTATION)
                && String.valueOf(error.getMessage()).contains(FENCED_OUT);
    }

    /** {@return whether an error says that a row was not written as it should be, or that it cannot be} */
    public static boolean isNotRecorded(SQLException error) {
        return SqlStates.isMistake(error) || String.valueOf(error.getMessage()).contains(NOT_RECORDED);
    }

    /**
     * {@return a command that fails as the fence does when another leader has moved the state, and changes nothing: for
     * what cannot run in a transaction and so has no fence of its own}
     */
    public String checkSql(HistorySnapshot reached) {
        return "SELECT CASE WHEN EXISTS (SELECT FROM " + stateName() + " AS s WHERE s.epoch OPERATOR(pg_catalog.=) "
                + reached.epoch() + " AND s.fingerprint OPERATOR(pg_catalog.=) " + literal(reached.recorded())
                + ") THEN 1 ELSE pg_catalog.concat(" + literal(FENCED_OUT)
                + ", (SELECT pg_catalog.count(*) FROM " + stateName() + "))::pg_catalog.int4 END";
    }

    /**
     * {@return the commands that record a step, to run in the fenced transaction; the last one returns the row's time stamp}
     *
     * @param deferred the note that this migration was deferred, which the row replaces; null when there is none
     * @param texts  kept beside the row; what is null there stays as it is recorded
     * @param millis how long the step took, added to what is recorded; null to count from the fence of this transaction
     */
    public List<String> recordSql(
            HistoryRow row,
            @Nullable HistoryRow deferred,
            KeptTexts texts,
            @Nullable Long millis,
            String gangwayVersion) {
        List<String> commands = new ArrayList<>();
        if (row.kind() == Kind.REPEATABLE && row.state() == State.APPLIED) {
            commands.add("UPDATE " + historyName() + " SET state = " + literal(State.SUPERSEDED.text())
                    + " WHERE kind OPERATOR(pg_catalog.=) " + literal(row.kind().text())
                    + " AND description OPERATOR(pg_catalog.=) " + literal(row.description())
                    + " AND state OPERATOR(pg_catalog.=) " + literal(State.APPLIED.text())
                    + " AND rank OPERATOR(pg_catalog.<>) " + row.rank());
        }
        if (deferred != null) {
            commands.add("DELETE FROM " + historyName() + " WHERE rank OPERATOR(pg_catalog.=) " + deferred.rank());
        }
        commands.add(insertSql(
                insertValues(row, texts, gangwayVersion),
                millis == null ? sinceFenceSql() : Long.toString(millis),
                row.checksum() != null));
        return commands;
    }

    /** {@return what a row is made of, but for what the server adds to it, in the order of {@link #INSERTED}} */
    static List<String> insertValues(HistoryRow row, KeptTexts texts, String gangwayVersion) {
        Version version = row.version();
        return List.of(
                Long.toString(row.rank()),
                literal(version == null ? null : version.toString()),
                literal(row.description()),
                literal(row.kind().text()),
                literal(row.type()),
                literal(row.script()),
                literal(row.checksum()),
                literal(row.state().text()),
                Boolean.toString(row.breaking()),
                Integer.toString(row.statementsDone()),
                Long.toString(row.rowsChanged()),
                literal(commaList(row.requires())),
                literal(texts.undo()),
                literal(texts.script()),
                literal(row.error()),
                literal(gangwayVersion));
    }

    /**
     * {@return the command that writes a row and returns its time stamp}
     *
     * @param values      as those of {@link #insertValues}, or parameters in their place
     * @param millis      an expression
     * @param hasChecksum whether the checksum is not null
     */
    String insertSql(List<String> values, String millis, boolean hasChecksum) {
        return "WITH written AS (INSERT INTO " + historyName()
                + " AS h (" + String.join(", ", INSERTED) + ", installed_by, installed_on, duration_ms) VALUES ("
                + String.join(", ", values) + ", session_user, pg_catalog.clock_timestamp(), " + millis + ")"
                + " ON CONFLICT (rank) DO UPDATE SET description = excluded.description,"
                + " type = excluded.type, script = excluded.script, checksum = excluded.checksum,"
                + " state = excluded.state, statements_done = excluded.statements_done,"
                + " rows_changed = excluded.rows_changed, requires = excluded.requires,"
                + " undo_sql = COALESCE(excluded.undo_sql, h.undo_sql),"
                + " script_text = COALESCE(excluded.script_text, h.script_text), error = excluded.error,"
                // It tells one record of the row from the next, also when the server's clock has been set back.
                + " installed_by = excluded.installed_by, installed_on = GREATEST(excluded.installed_on,"
                + " h.installed_on OPERATOR(pg_catalog.+) '1 microsecond'::pg_catalog.interval),"
                + " duration_ms = COALESCE(h.duration_ms, 0) OPERATOR(pg_catalog.+) excluded.duration_ms,"
                + " gangway_version = excluded.gangway_version, breaking = excluded.breaking"
                + " RETURNING h.state, h.checksum, h.installed_on)"
                // A trigger may keep the row from being written, or write another one; the migration goes with it then.
                + " SELECT CASE WHEN EXISTS (SELECT FROM written w WHERE w.state OPERATOR(pg_catalog.=) "
                + values.get(INSERTED.indexOf("state")) + " AND w.checksum "
                + (hasChecksum ? "OPERATOR(pg_catalog.=) " + values.get(INSERTED.indexOf("checksum")) : "IS NULL")
                + ") THEN (SELECT w.installed_on FROM written w) ELSE pg_catalog.concat(" + literal(NOT_RECORDED)
                + ", (SELECT pg_catalog.count(*) FROM written))::pg_catalog.timestamptz END";
    }

    /**
     * {@return the command that records that a migration was taken back, and by whom, to run in the fenced transaction}
     */
    public String undoneSql(HistoryRow row, String gangwayVersion) {
        return "UPDATE " + historyName() + " SET state = " + literal(State.UNDONE.text())
                + ", installed_by = session_user, installed_on = pg_catalog.clock_timestamp(), gangway_version = "
                + literal(gangwayVersion) + " WHERE rank OPERATOR(pg_catalog.=) " + row.rank();
    }

    /** {@return the command that removes a row, to run in the fenced transaction} */
    public String deleteSql(HistoryRow row) {
        return "DELETE FROM " + historyName() + " WHERE rank OPERATOR(pg_catalog.=) " + row.rank();
    }

    /**
     * {@return the command that records what a changed file says now, to run in the fenced transaction. When and by whom
     * it was applied stays}
     */
    public String acceptSql(HistoryRow row, KeptTexts texts) {
        return "UPDATE " + historyName() + " AS h SET description = " + literal(row.description()) + ", type = "
                + literal(row.type()) + ", script = " + literal(row.script()) + ", checksum = "
                + literal(row.checksum()) + ", breaking = " + row.breaking() + ", requires = "
                + literal(commaList(row.requires())) + ", undo_sql = COALESCE(" + literal(texts.undo())
                + ", h.undo_sql), script_text = " + literal(texts.script()) + " WHERE h.rank OPERATOR(pg_catalog.=) "
                + row.rank();
    }

    /** {@return a query for rank, undo_sql and script_text of all rows} */
    public String textsSql() {
        return "SELECT h.rank, h.undo_sql, h.script_text FROM " + historyName() + " h";
    }

    String sinceFenceSql() {
        return "(SELECT (EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) s.step_began)"
                + " OPERATOR(pg_catalog.*) 1000)::pg_catalog.int8 FROM " + stateName() + " s)";
    }
}
