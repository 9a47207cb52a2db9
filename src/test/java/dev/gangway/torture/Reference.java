package dev.gangway.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Gangway;
import dev.gangway.command.MigrateOptions;
import dev.gangway.testkit.TcpProxy;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario does to a schema when nothing dies.
 *
 * @param messages how many its process sends
 * @param end      how the schema stands in the end
 * @param legal    how it may stand on the way, the beginning and the end included
 */
record Reference(int messages, SchemaState end, Set<SchemaState> legal) {

    static Reference of(Stage stage, Arena arena) throws SQLException {
        AtomicInteger messages = new AtomicInteger();
        SchemaState end = run(stage, arena, database -> messages::incrementAndGet);
        Set<SchemaState> legal = new LinkedHashSet<>();
        SchemaState again = run(stage, arena, database -> new Onlooker(database, legal));
        assertThat(again).as("the end of a second run").isEqualTo(end);
        legal.add(end);
        if (stage.scenario().action() == Action.CONNECT && !stage.scenario().isAtomic()) {
            takeSteps(stage, arena, legal);
        }
        return new Reference(messages.get(), end, legal);
    }

    /** Makes what is called before each message. */
    private interface Onlooking {
        Runnable at(Specimen database) throws SQLException;
    }

    private static SchemaState run(Stage stage, Arena arena, Onlooking onlooking) throws SQLException {
        try (Specimen database = arena.fresh(stage);
                TcpProxy proxy = TcpProxy.to(arena.server().address())) {
            proxy.beforeEachMessage(onlooking.at(database));
            Ordeal.processAlone(stage, database, stage.url(proxy.address(), database.name(), "undisturbed"));
            database.awaitNobodyConnected();
            assertThat(database.leftBehind()).isEmpty();
            return database.state();
        }
    }

    /** Migrations that share a message are transactions all the same: a server may die between two of them. */
    private static void takeSteps(Stage stage, Arena arena, Set<SchemaState> legal) throws SQLException {
        try (Specimen database = arena.fresh(stage)) {
            Gangway[] gangway = new Gangway[1];
            stage.inside(() -> gangway[0] = Gangway.to(stage.url(arena.server().address(), database.name(), "steps"))
                    .build());
            do {
                legal.add(database.state());
            } while (!gangway[0].migrate(MigrateOptions.next(1)).applied().isEmpty());
        }
    }

    /** Notes how the schema stands before each message, if it can have changed. */
    private static final class Onlooker implements Runnable {
        private static final String WRITTEN = "select pg_current_wal_insert_lsn()::text";

        /** Who holds locks on what it has changed would have pg_dump wait; what it has changed is not to be seen yet. */
        private static final String UNFINISHED =
                "select 1 from pg_stat_activity where datname = current_database() and backend_xid is not null";

        private final Specimen database;
        private final Set<SchemaState> seen;
        private @Nullable String written;

        Onlooker(Specimen database, Set<SchemaState> seen) {
            this.database = database;
            this.seen = seen;
        }

        @Override
        public void run() {
            try {
                if (!database.ask(UNFINISHED).isEmpty()) {
                    return;
                }
                String now = database.ask(WRITTEN).get(0);
                if (!now.equals(written)) {
                    seen.add(database.state());
                    written = now;
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
