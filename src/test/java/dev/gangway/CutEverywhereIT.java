package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.Damage;
import dev.gangway.testkit.Moment;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network is cut at each message that a process sends while it migrates, one run for each message; after that a new
 * process must find, or bring about, each migration exactly once.
 */
@Timeout(300)
class CutEverywhereIT {
    private static final Logger LOG = LoggerFactory.getLogger(CutEverywhereIT.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String EACH_ONCE = "1 2 3 4 5a 5b 5c 6 7 8 9a 9b";

    @ParameterizedTest
    @CsvSource({
        "BEFORE_IT_IS_SENT, true, 1",
        "HALF_WAY, true, 5",
        "BEFORE_ITS_ANSWER, true, 1",
        "BEFORE_IT_IS_SENT, false, 5",
        "BEFORE_ITS_ANSWER, false, 5"
    })
    void eachMigrationIsAppliedOnceWhereverTheNetworkIsCut(Moment moment, boolean all, int every, @TempDir Path folder)
            throws Exception {
        Damage damage = all ? Damage.WHOLE_NETWORK : Damage.ONE_CONNECTION;
        int step = Boolean.getBoolean("test.everyCut") ? 1 : every;
        Map<String, Integer> outcomes = new TreeMap<>();
        int message = step;
        try (Application app = Application.in(folder)) {
            addMigrations(app);
            while (cutAt(message, moment, damage, app, outcomes)) {
                message += step;
                app.execute("drop schema public cascade; create schema public");
            }
        }
        LOG.info(
                "{}, all connections: {}, at each {}th of {} messages: {}",
                moment,
                all,
                step,
                message - step,
                outcomes);
        assertThat(message).as("messages").isGreaterThan(25);
    }

    /** One run; {@return false when the process was through before it had sent so many messages} */
    private static boolean cutAt(
            int message, Moment moment, Damage damage, Application app, Map<String, Integer> outcomes)
            throws Exception {
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            proxy.strikeAt(message, moment, damage);
            CompletableFuture<String> first = start(app.url(proxy.address()));
            Await.until("the cut, or the end", PATIENCE, () -> proxy.hasStruck() || first.isDone());
            boolean made = proxy.hasStruck();
            if (damage == Damage.ONE_CONNECTION || !made) {
                Await.until("the end", PATIENCE, first::isDone);
                outcomes.merge(first.join(), 1, Integer::sum);
            }
            app.start();
            assertEachOnce(app, "message " + message);
            return made;
        }
    }

    /** A process of its own, which may fail by the cut, and by nothing else; gives how it ended. */
    private static CompletableFuture<String> start(String url) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                Application.open(url).close();
                return "went on by itself";
            } catch (SQLException e) {
                if (e instanceof GangwayException) {
                    throw new CompletionException(e);
                }
                return "failed with SQLState " + e.getSQLState();
            }
        });
    }

    private static void addMigrations(Application app) {
        app.add("V1__log.sql", "create table log(entry text, id serial); insert into log(entry) values ('1');");
        app.add("V2__item.sql", "create table item(id int, name text); insert into log(entry) values ('2');");
        app.add("V3__more.sql", "insert into item values (0, 'zero'); insert into log(entry) values ('3');");
        app.add("V4__copy.sql", """
                insert into log(entry) values ('4');
                copy item from stdin;
                1\tone
                2\ttwo
                \\.
                """);
        app.add("V5__index.sql", """
                insert into log(entry) values ('5a');
                create index concurrently item_id on item(id);
                insert into log(entry) values ('5b');
                create index concurrently item_name on item(name);
                drop index concurrently item_name;
                insert into log(entry) values ('5c');
                """);
        app.add("V6__checked.sql", "insert into log(entry) values ('6');");
        app.add("V6__checked.verify.sql", "select 'log', 'six', count(*) = 1 from log where entry = '6';");
        app.add("V7__next.sql", "insert into log(entry) values ('7');");
        app.add("V8__last.sql", "insert into log(entry) values ('8');");
        app.add("V9__index.sql", """
                create unique index concurrently log_entry on log(entry);
                insert into log(entry) values ('9a');
                insert into log(entry) values ('9b');
                """);
        app.add("V9__index.verify.sql", "select 'log', 'nine', count(*) = 2 from log where entry like '9%';");
        app.add("R__view.sql", "create or replace view items as select * from item;");
    }

    private static void assertEachOnce(Application app, String when) throws SQLException {
        assertThat(app.ask("select string_agg(entry, ' ' order by id) from log"))
                .as(when)
                .isEqualTo(EACH_ONCE);
        assertThat(app.ask("select string_agg(id || name, ' ' order by id) from item"))
                .as(when)
                .isEqualTo("0zero 1one 2two");
        assertThat(app.column("select indexrelid::regclass || ' ' || indisvalid from pg_index"
                        + " where indrelid in ('item'::regclass, 'log'::regclass) order by 1"))
                .as(when)
                .containsExactly("item_id true", "log_entry true");
        assertThat(app.history())
                .as(when)
                .containsExactly(
                        "V1__log.sql applied",
                        "V2__item.sql applied",
                        "V3__more.sql applied",
                        "V4__copy.sql applied",
                        "V5__index.sql applied",
                        "V6__checked.sql applied",
                        "V7__next.sql applied",
                        "V8__last.sql applied",
                        "V9__index.sql applied",
                        "R__view.sql applied");
        app.start("gangway.mode=validate");
        Observed observed = Observed.in(app.database());
        assertThat(observed.advisoryLocks()).as(when).isZero();
        assertThat(observed.idleInTransaction()).as(when).isZero();
    }
}
