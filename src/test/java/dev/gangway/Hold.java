package dev.gangway;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds a migration in its middle until the test lets it go on. It waits neither for a lock nor for ever: without the
 * row that this class puts into the database the same migration runs through.
 */
record Hold(ServerAddress server, String database) {

    /** The statement at which a migration is held. */
    static final String HERE =
            "do $$ begin while exists (select from hold) loop perform pg_sleep(0.01); end loop; end $$;";

    /** A first migration: the table {@code log}, with one row, and three items that are to be done. */
    static final String LOG_AND_ITEMS = """
            create table log(id serial, entry text);
            insert into log(entry) values ('m1');
            create table item(id int, done boolean default false);
            insert into item select generate_series(1, 3);
            """;

    /** A later one, which does one item at a time and is held when the first is done. */
    static final String AFTER_A_BATCH = """
            -- gangway: repeat=until-no-rows
            do $$ begin while exists (select from hold) and exists (select from item where done) loop
              perform pg_sleep(0.01); end loop; end $$;
            update item set done = true where id = (select min(id) from item where not done);
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Holds every migration from now on that comes to {@link #HERE}. */
    static Hold on(TestDatabase database) throws SQLException {
        return on(database.server(), database.name());
    }

    static Hold on(ServerAddress server, String database) throws SQLException {
        server.execute(database, "create table hold as select 1 as row");
        return new Hold(server, database);
    }

    /** Returns when a migration is held; gives the process id of its session. */
    int awaitHeld() {
        return awaitHeldOtherThan(0);
    }

    /** The process id of the session that is held; 0 for none. It keeps its lock on the table until its transaction ends. */
    int held() throws SQLException {
        return Integer.parseInt(String.valueOf(server.ask(
                database,
                "select coalesce(max(pid), 0) from pg_locks where granted and relation = to_regclass('hold')"
                        + " and database = (select oid from pg_database where datname = current_database())")));
    }

    /** Returns when another session than that one is held; gives its process id. */
    int awaitHeldOtherThan(int pid) {
        AtomicInteger seen = new AtomicInteger();
        Await.until("another migration is held", PATIENCE, () -> {
            seen.set(held());
            return seen.get() != 0 && seen.get() != pid;
        });
        return seen.get();
    }

    /** Lets all go on. */
    void release() throws SQLException {
        server.execute(database, "delete from hold");
    }
}
