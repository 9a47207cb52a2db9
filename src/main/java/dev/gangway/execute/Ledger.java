package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history as the present leader knows it, and the condition under which each of its transactions takes place: that
 * nobody else has moved the history since. Used by one thread.
 */
interface Ledger {

    /** {@return the history after all that was recorded so far} */
    HistorySnapshot reached();

    /** {@return the commands with which a transaction begins that writes this row; they fail when somebody was faster} */
    List<String> fenceSql(HistoryRow row);

    /** {@return a command that fails as the fence does and changes nothing, for what cannot run in a transaction} */
    String checkSql();

    /**
     * Takes note of a row that was committed.
     *
     * @param installedOn the row's time stamp, as the server writes it
     */
    void committed(HistoryRow row, String installedOn);

    /** {@return whether others may move the history meanwhile, so that each step counts its own time} */
    boolean isShared();

    /** For the leader of the whole schema: nobody else may write anything to the history. */
    final class Exclusive implements Ledger {
        private final HistoryTable table;
        private HistorySnapshot reached;

        Exclusive(HistoryTable table, HistorySnapshot reached) {
            this.table = table;
            this.reached = reached;
        }

        @Override
        public HistorySnapshot reached() {
            return reached;
        }

        @Override
        public List<String> fenceSql(HistoryRow row) {
            return List.of(table.fenceSql(reached, reached.with(row)));
        }

        @Override
        public String checkSql() {
            return table.checkSql(reached);
        }

        @Override
        public void committed(HistoryRow row, String installedOn) {
            reached = reached.with(row);
        }

        @Override
        public boolean isShared() {
            return false;
        }
    }

    /**
     * For what runs beside applications, while another process may migrate the schema. What changes the set of migrations
     * (that one begins, that it is applied) is fenced like any other step, and begins anew when a migration came between.
     * What happens in between concerns this one row, which nobody but another background worker touches; its time stamp
     * changes with each record and tells whether one has.
     */
    final class Shared implements Ledger {
        private final HistoryTable table;
        private HistorySnapshot reached;
        private @Nullable HistoryRow own;

        /** @param own the row of an earlier attempt, if there was one */
        Shared(HistoryTable table, HistorySnapshot reached, @Nullable HistoryRow own) {
            this.table = table;
            this.reached = reached;
            this.own = own;
        }

        @Override
        public HistorySnapshot reached() {
            return reached;
        }

        @Override
        public List<String> fenceSql(HistoryRow row) {
            HistoryRow known = own;
            if (known == null) {
                return List.of(table.fenceSql(reached, reached.with(row)));
            }
            return row.state().countsAsApplied()
                    ? List.of(table.rowFenceSql(known), table.fenceSql(reached, reached.with(row)))
                    : List.of(table.rowFenceSql(known));
        }

        @Override
        public String checkSql() {
            HistoryRow known = own;
            return known == null ? table.checkSql(reached) : table.rowCheckSql(known);
        }

        @Override
        public void committed(HistoryRow row, String installedOn) {
            boolean moved = own == null || row.state().countsAsApplied();
            own = row.installedAt(installedOn);
            reached = moved ? reached.with(own) : reached.replacing(own);
        }

        @Override
        public boolean isShared() {
            return true;
        }
    }
}
