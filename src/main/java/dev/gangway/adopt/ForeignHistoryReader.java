package dev.gangway.adopt;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Row;
import dev.gangway.sql.Placeholders;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what other tools have recorded. One connection, one thread. */
final class ForeignHistoryReader {
    private final Connection connection;
    private final ForeignTables tables;
    private final Placeholders.Resolver placeholders;

    ForeignHistoryReader(Connection connection, ForeignTables tables, Placeholders.Resolver placeholders) {
        this.connection = connection;
        this.tables = tables;
        this.placeholders = placeholders;
    }

    /** {@return the history; null when the table is not what any known tool makes of that name} */
    @Nullable
    ForeignHistory read(ForeignTable table) throws SQLException {
        return switch (table.name()) {
            case ForeignTables.FLYWAY -> flyway(table);
            case ForeignTables.LIQUIBASE -> liquibase(table);
            case ForeignTables.ALEMBIC -> alembic(table);
            case ForeignTables.SCHEMA_MIGRATIONS -> schemaMigrations(table);
            case ForeignTables.PRISMA -> prisma(table);
            default -> throw new IllegalArgumentException(table.name());
        };
    }

    private @Nullable FlywayHistory flyway(ForeignTable table) throws SQLException {
        if (!table.has("installed_rank", "integer")
                || !table.has("checksum", "integer")
                || !table.has("success", "boolean")) {
            return null;
        }
        List<FlywayHistory.Row> history = new ArrayList<>();
        for (Row row : rows(
                "SELECT t.installed_rank, t.version, t.description, t.type, t.script, t.checksum, t.success",
                table,
                "t.installed_rank")) {
            String checksum = row.text(5);
            history.add(new FlywayHistory.Row(
                    (int) row.number(0),
                    row.text(1),
                    row.required(2),
                    row.required(3),
                    row.required(4),
                    checksum == null ? null : Integer.valueOf(checksum),
                    row.bool(6)));
        }
        return new FlywayHistory(history, placeholders);
    }

    private @Nullable LiquibaseHistory liquibase(ForeignTable table) throws SQLException {
        if (!table.has("orderexecuted", "integer") || !table.has("exectype", "character varying")) {
            return null;
        }
        List<LiquibaseHistory.Row> history = new ArrayList<>();
        for (Row row : rows(
                "SELECT t.id, t.author, t.filename, t.exectype, t.md5sum", table, "t.dateexecuted, t.orderexecuted")) {
            history.add(new LiquibaseHistory.Row(
                    row.required(0), row.required(1), row.required(2), row.required(3), row.text(4)));
        }
        return new LiquibaseHistory(history, lockedBy());
    }

    /** {@return who holds Liquibase's lock, which is a row that says so; null when nobody does} */
    private @Nullable String lockedBy() throws SQLException {
        ForeignTable lock = tables.companion(ForeignTables.LIQUIBASE_LOCK);
        if (lock == null) {
            return null;
        }
        for (Row row : rows("SELECT t.locked, t.lockedby, t.lockgranted", lock, "t.id")) {
            if (row.bool(0)) {
                return row.text(1) + " since " + row.text(2);
            }
        }
        return null;
    }

    private @Nullable AlembicHistory alembic(ForeignTable table) throws SQLException {
        return table.has("version_num", "character varying")
                ? new AlembicHistory(texts(rows("SELECT t.version_num", table, "t.version_num")))
                : null;
    }

    /** Several tools call their table so; they are told apart by the columns. */
    private @Nullable ForeignHistory schemaMigrations(ForeignTable table) throws SQLException {
        if (table.has("version", "bigint") && table.has("dirty", "boolean")) {
            List<GolangMigrateHistory.Row> history = new ArrayList<>();
            for (Row row : rows("SELECT t.version, t.dirty", table, "t.version")) {
                history.add(new GolangMigrateHistory.Row(row.number(0), row.bool(1)));
            }
            return new GolangMigrateHistory(history);
        }
        if (table.has("version", "character varying") && table.columns().size() == 1) {
            boolean rails = tables.companion(ForeignTables.RAILS_METADATA) != null;
            return new VersionListHistory(
                    rails ? "Rails" : "dbmate", texts(rows("SELECT t.version", table, "t.version")));
        }
        return null;
    }

    private @Nullable PrismaHistory prisma(ForeignTable table) throws SQLException {
        if (!table.has("migration_name", "character varying") || !table.has("checksum", "character varying")) {
            return null;
        }
        List<PrismaHistory.Row> history = new ArrayList<>();
        for (Row row : rows(
                "SELECT t.migration_name, t.checksum, t.finished_at IS NOT NULL, t.rolled_back_at IS NOT NULL",
                table,
                "t.started_at")) {
            history.add(new PrismaHistory.Row(row.required(0), row.required(1), row.bool(2), row.bool(3)));
        }
        return new PrismaHistory(history);
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream().map(row -> row.required(0)).toList();
    }

    private List<Row> rows(String select, ForeignTable table, String order) throws SQLException {
        return Message.send(connection, select + " FROM " + table.sqlName() + " AS t ORDER BY " + order)
                .orThrow()
                .rows(0);
    }
}
