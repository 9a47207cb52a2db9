package dev.gangway.history;

import dev.gangway.migration.Kind;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Fence and record of small migrations that share a message, as statements that the server plans a few times instead of for
 * each of them: beside a small {@code CREATE TABLE}, planning them is a good part of the work. They live as long as their session, so
 * they are for a connection of our own only, and one that no pooler gives to others. Immutable.
 *
 * <p>A script may take them away ({@code DEALLOCATE ALL}). Then the next step fails with {@link
 * dev.gangway.pgjdbc.SqlStates#INVALID_STATEMENT_NAME}, and can be made again without them.
 */
public final class PlannedSteps {
    private static final List<String> FENCE_TYPES = List.of("text", "int8", "int8", "int8", "text");
    /** Of {@link HistoryTable#INSERTED}. */
    private static final List<String> RECORD_TYPES = List.of(
            "int8", "text", "text", "text", "text", "text", "text", "text", "bool", "int4", "int8", "text", "text",
            "text", "text", "text");

    private final HistoryTable table;
    private final String fence;
    private final String record;

    PlannedSteps(HistoryTable table) {
        // What an attempt that failed has left behind keeps its name.
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        this.table = table;
        this.fence = "gangway_fence_" + suffix;
        this.record = "gangway_record_" + suffix;
    }

    /** {@return the commands that make them} */
    public List<String> prepareSql() {
        return List.of(
                prepareSql(fence, FENCE_TYPES, table.fenceSql(parameters(FENCE_TYPES))),
                prepareSql(
                        record, RECORD_TYPES, table.insertSql(parameters(RECORD_TYPES), table.sinceFenceSql(), true)));
    }

    private static String prepareSql(String name, List<String> types, String sql) {
        return "PREPARE " + name + "(pg_catalog." + String.join(", pg_catalog.", types) + ") AS " + sql;
    }

    private static List<String> parameters(List<String> types) {
        return IntStream.rangeClosed(1, types.size())
                .mapToObj(number -> "$" + number)
                .toList();
    }

    /** {@return the same as {@link HistoryTable#fenceSql}} */
    public String fenceSql(HistorySnapshot before, HistorySnapshot after) {
        return executeSql(fence, HistoryTable.fenceValues(before, after));
    }

    /** {@return whether the record of that row is among them: that of a versioned migration which has a checksum} */
    public boolean records(HistoryRow row) {
        return row.kind() == Kind.VERSIONED && row.checksum() != null;
    }

    /** {@return the same as the last command of {@link HistoryTable#recordSql}} */
    public String recordSql(HistoryRow row, KeptTexts texts, String gangwayVersion) {
        return executeSql(record, HistoryTable.insertValues(row, texts, gangwayVersion));
    }

    private static String executeSql(String name, List<String> values) {
        return "EXECUTE " + name + "(" + String.join(", ", values) + ")";
    }

    /** {@return the commands that take them away} */
    public List<String> deallocateSql() {
        return List.of("DEALLOCATE " + fence, "DEALLOCATE " + record);
    }
}
