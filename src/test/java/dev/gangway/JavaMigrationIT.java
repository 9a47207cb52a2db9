package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGvector;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** Migrations that are written in Java. */
@Timeout(120)
class JavaMigrationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Application app;
    private @Nullable Providers providers;

    @BeforeEach
    void createDatabase() throws SQLException {
        app = Application.in(folder.resolve("migrations"));
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        if (providers != null) {
            providers.close();
        }
        app.close();
    }

    /** What all of them have in common: version 2. */
    abstract static class Second implements JavaMigration {
        @Override
        public @Nullable String version() {
            return "2";
        }

        @Override
        public String description() {
            return "in java";
        }
    }

    public static final class Writes extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('java')");
        }
    }

    @Test
    void itTakesItsPlaceAmongTheScripts() throws Exception {
        addLog();
        app.add("V3__after.sql", "insert into log(entry) values ('third')");
        declare(Writes.class);

        app.start();

        assertThat(app.column("select entry from log order by id")).containsExactly("java", "third");
        assertThat(app.history())
                .containsExactly("V1__log.sql applied", name(Writes.class) + " applied", "V3__after.sql applied");
        assertThat(app.ask("select concat_ws(' ', version, description, kind, type, checksum is null, undo_sql is null,"
                        + " script_text is null) from gangway_history where rank = 2"))
                .isEqualTo("2 in java versioned data t t t");
    }

    @Test
    void aPlanNamesItAndDoesNotRunIt() throws Exception {
        addLog();
        app.gangway().migrate();
        declare(Writes.class);

        assertThat(app.gangway().plan().steps()).singleElement().satisfies(step -> assertThat(step.commands())
                .anySatisfy(command ->
                        assertThat(command.sql()).isEqualTo("-- what " + name(Writes.class) + " does in Java")));
        assertThat(app.ask("select count(*) from log")).isEqualTo("0");
        assertThat(app.gangway().migrate().applied()).containsExactly(name(Writes.class));
    }

    @Test
    void itIsAppliedOnce() throws Exception {
        addLog();
        declare(Writes.class);

        app.start();
        app.start();

        assertThat(app.ask("select count(*) from log")).isEqualTo("1");
    }

    public static final class Fails extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('java')");
            throw new IllegalStateException("no more apples");
        }
    }

    @Test
    void nothingOfAFailedOneStays() throws Exception {
        addLog();
        app.add("V3__after.sql", "select 1");
        declare(Fails.class);

        app.assertRefused()
                .hasMessageStartingWith("GW001 Migration " + name(Fails.class) + " failed\n  class:     "
                        + name(Fails.class) + " (JavaMigrationIT.java:")
                .hasMessageContaining("error:     java.lang.IllegalStateException: no more apples")
                .hasMessageContaining("this migration was rolled back as a whole; those before it stay applied")
                .hasMessageContaining("next:      correct the class and connect again")
                .hasRootCauseInstanceOf(IllegalStateException.class);

        assertThat(app.ask("select count(*) from log")).isEqualTo("0");
        assertThat(app.history()).containsExactly("V1__log.sql applied", name(Fails.class) + " failed");
        declare(Writes.class);
        app.start();
        assertThat(app.ask("select count(*) from log")).isEqualTo("1");
        assertThat(app.history())
                .containsExactly("V1__log.sql applied", name(Writes.class) + " applied", "V3__after.sql applied");
    }

    public static final class FailsInABatch extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("insert into log(entry) values (?)")) {
                insert.setString(1, "a");
                insert.addBatch();
                insert.setString(1, null);
                insert.addBatch();
                insert.executeBatch();
            } catch (BatchUpdateException e) {
                // As frameworks do.
                throw new IllegalArgumentException("hidden", e);
            }
        }
    }

    @Test
    void theServersErrorIsFoundBehindThatOfAFramework() throws Exception {
        app.add("V1__log.sql", "create table log(entry text not null, id serial)");
        declare(FailsInABatch.class);

        GangwayException.Permanent failure = app.failure();

        assertThat(failure.getMessage()).contains("IllegalArgumentException: hidden");
        assertThat(failure.getSQLState()).isEqualTo("23502");
    }

    public static final class Misbehaves extends Second {
        static final List<String> REFUSED = new CopyOnWriteArrayList<>();

        interface Call {
            void on(Connection connection) throws SQLException;
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            REFUSED.clear();
            refused(connection, Connection::commit);
            refused(connection, Connection::rollback);
            refused(connection, Connection::close);
            refused(connection, one -> one.abort(Runnable::run));
            refused(connection, one -> one.setAutoCommit(true));
            refused(connection, one -> one.setReadOnly(true));
            refused(connection, one -> one.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
            refused(connection, one -> one.setNetworkTimeout(Runnable::run, 1));
            refused(connection, one -> one.unwrap(BaseConnection.class).commit());
            connection.setAutoCommit(false);
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            Sql.execute(connection, "insert into log(entry) values ('java')");
        }

        private static void refused(Connection connection, Call call) {
            try {
                call.on(connection);
            } catch (SQLException e) {
                REFUSED.add(String.valueOf(e.getMessage()));
            }
        }
    }

    @Test
    void whatWouldEndTheTransactionIsRefused() throws Exception {
        addLog();
        declare(Misbehaves.class);

        app.start();

        assertThat(Misbehaves.REFUSED)
                .hasSize(9)
                .allMatch(message -> message.startsWith(name(Misbehaves.class) + ": a migration may not call ")
                        && message.endsWith("use a savepoint"))
                .element(4)
                .asString()
                .contains("setAutoCommit");
        assertThat(app.ask("select entry from log")).isEqualTo("java");
    }

    public static final class CommitsInSql extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('java')");
            Sql.execute(connection, "commit");
            Sql.execute(connection, "begin");
        }
    }

    @Test
    void aCommitInSqlIsNoticed() throws Exception {
        addLog();
        declare(CommitsInSql.class);

        app.assertRefused()
                .hasMessageContaining("the code has ended the transaction in which it was run")
                .hasMessageContaining("what the code has committed itself stays");
        declare(Writes.class);
        app.start();

        assertThat(app.history()).containsExactly("V1__log.sql applied", name(Writes.class) + " applied");
    }

    public static final class PassesOverAnError extends Second {
        @Override
        public void migrate(Connection connection) {
            try {
                Sql.execute(connection, "insert into nowhere values (1)");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("42P01");
            }
        }
    }

    @Test
    void anErrorThatTheCodePassesOverIsNoticed() throws Exception {
        addLog();
        declare(PassesOverAnError.class);

        app.assertRefused().hasMessageContaining("the code has passed over the error of a statement");

        assertThat(app.history()).containsExactly("V1__log.sql applied", name(PassesOverAnError.class) + " failed");
    }

    public static final class UsesEverything extends Second {
        @Override
        public void migrate(Connection connection) throws Exception {
            Savepoint savepoint = connection.setSavepoint();
            Sql.execute(connection, "insert into log(entry) values ('taken back')");
            connection.rollback(savepoint);

            PGConnection pg = connection.unwrap(PGConnection.class);
            pg.getCopyAPI().copyIn("copy log(entry) from stdin", new StringReader("copied\ncopied too\n"));

            LargeObjectManager objects = pg.getLargeObjectAPI();
            long oid = objects.createLO();
            try (LargeObject object = objects.open(oid)) {
                object.write(new byte[] {1, 2, 3});
            }
            objects.delete(oid);

            try (Statement portions = connection.createStatement()) {
                portions.setFetchSize(10);
                try (ResultSet rows = portions.executeQuery("select generate_series(1, 25)")) {
                    int count = 0;
                    while (rows.next()) {
                        count++;
                    }
                    assertThat(count).isEqualTo(25);
                }
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into log(entry) values (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (int i = 0; i < 20; i++) {
                    insert.setString(1, "batch");
                    insert.addBatch();
                }
                insert.executeBatch();
                assertThat(insert.getGeneratedKeys().next()).isTrue();
            }
            try (PreparedStatement often = connection.prepareStatement("select ?::int + 1")) {
                for (int i = 0; i < 20; i++) {
                    often.setInt(1, i);
                    try (ResultSet row = often.executeQuery()) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getInt(1)).isEqualTo(i + 1);
                    }
                }
            }
            assertThat(Sql.ask(connection, "select count(*) from pg_prepared_statements"))
                    .isEqualTo("0");
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void savepointsCopyLargeObjectsCursorsAndBatchesWorkAndSoDoesWhatFollows() throws Exception {
        addLog();
        app.add("V3__copy.sql", "copy log(entry) from stdin;\nby a script\n\\.\n");
        app.add("V4__index.sql", "create index concurrently log_entry on log(entry)");
        app.add("V5__last.sql", "insert into log(entry) values ('last')");
        declare(UsesEverything.class);

        app.start();

        assertThat(app.column("select entry || ' ' || count(*) from log group by entry order by min(id)"))
                .containsExactly("copied 1", "copied too 1", "batch 20", "by a script 1", "last 1");
        assertThat(app.column("select state from gangway_history")).hasSize(5).containsOnly("applied");
    }

    public static final class WritesVectors extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("insert into item(embedding) values (?)")) {
                for (int i = 0; i < 10; i++) {
                    insert.setObject(1, new PGvector(new float[] {i, 2, 3}));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement nearest =
                    connection.prepareStatement("select embedding from item order by embedding <-> ? limit 1")) {
                nearest.setObject(1, new PGvector(new float[] {7, 2, 3}));
                try (ResultSet rows = nearest.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getObject(1)).isEqualTo(new PGvector(new float[] {7, 2, 3}));
                }
            }
        }
    }

    @Test
    void vectorsAreWrittenAndReadAsSuchAlsoWhenTheExtensionWasCreatedJustBefore() throws Exception {
        app.add("V1__item.sql", "create extension vector; create table item(embedding vector(3))");
        declare(WritesVectors.class);

        app.start();

        assertThat(app.ask("select count(*) from item")).isEqualTo("10");
    }

    @Test
    void vectorsAreKnownToItAlsoWhereTheExtensionIsOffTheSearchPath() throws Exception {
        app.execute("create schema elsewhere; create extension vector schema elsewhere");
        app.add("V1__item.sql", "create table item(embedding elsewhere.vector(3))");
        declare(WritesVectors.class);

        app.start("gangway.transaction=all");

        assertThat(app.ask("select count(*) from item")).isEqualTo("10");
    }

    public static final class Keeps extends Second {
        static final AtomicReference<@Nullable Connection> CONNECTION = new AtomicReference<>();
        static final AtomicReference<@Nullable Statement> STATEMENT = new AtomicReference<>();

        @Override
        public void migrate(Connection connection) throws SQLException {
            Statement statement = connection.createStatement();
            statement.executeQuery("select 1");
            CONNECTION.set(connection);
            STATEMENT.set(statement);
        }
    }

    @Test
    void whatItKeepsIsOfNoUseAfterwards() throws Exception {
        declare(Keeps.class);

        app.start();

        Connection kept = Objects.requireNonNull(Keeps.CONNECTION.get());
        assertThat(kept.isClosed()).isTrue();
        assertThatThrownBy(kept::createStatement)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("this migration is over");
        assertThat(Objects.requireNonNull(Keeps.STATEMENT.get()).isClosed()).isTrue();
    }

    public static final class MeetsALock extends Second {
        static final AtomicInteger RUNS = new AtomicInteger();

        @Override
        public void migrate(Connection connection) throws SQLException {
            RUNS.incrementAndGet();
            Sql.execute(connection, "insert into log(entry) values ('java')");
            Sql.execute(connection, "alter table item add column name text");
        }
    }

    @Test
    void itIsRunAgainAsAWholeWhenItMeetsALock() throws Exception {
        addLog();
        app.execute("create table item(id int)");
        declare(MeetsALock.class);
        MeetsALock.RUNS.set(0);
        try (Connection blocker = Sql.connect(app.database().jdbcUrl());
                LogCapture log = LogCapture.start()) {
            blocker.setAutoCommit(false);
            Sql.execute(blocker, "lock table item");
            Thread release = new Thread(() -> {
                Await.until("it is tried again", PATIENCE, () -> log.lines().stream()
                        .anyMatch(
                                line -> line.contains(name(MeetsALock.class) + " is rolled back and tried again (1")));
                try {
                    blocker.rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            release.start();
            app.start("gangway.lockTimeout=300ms");
            release.join();
        }

        assertThat(MeetsALock.RUNS.get()).isGreaterThan(1);
        assertThat(app.ask("select count(*) from log")).isEqualTo("1");
        assertThat(app.history()).containsExactly("V1__log.sql applied", name(MeetsALock.class) + " applied");
    }

    public static final class Repeated implements JavaMigration {
        static volatile String text = "";

        @Override
        public @Nullable String version() {
            return null;
        }

        @Override
        public String description() {
            return "repeated";
        }

        @Override
        public String checksum() {
            return text;
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('" + text + "')");
        }
    }

    @Test
    void aRepeatableOneRunsAgainWhenItsChecksumHasChanged() throws Exception {
        addLog();
        declare(Repeated.class);

        for (String checksum : List.of("one", "one", "two")) {
            Repeated.text = checksum;
            app.start();
        }

        assertThat(app.column("select entry from log order by id")).containsExactly("one", "two");
        assertThat(app.column("select checksum || ' ' || state from gangway_history where version is null order by 1"))
                .containsExactly("one superseded", "two applied");
    }

    public static final class Numbered extends Second {
        static volatile @Nullable String number;

        @Override
        public @Nullable String checksum() {
            return number;
        }

        @Override
        public void migrate(Connection connection) {}
    }

    @Test
    void aChangedChecksumOfAnAppliedOneIsRefusedAndNoneIsNeverCompared() throws Exception {
        declare(Numbered.class);
        Numbered.number = "1";
        app.start();
        Numbered.number = null;
        app.start();
        Numbered.number = "2";
        app.assertRefused()
                .hasMessageStartingWith("GW002")
                .hasMessageContaining(name(Numbered.class) + " was changed after it had been applied");
    }

    @Test
    void aScriptOfTheSameVersionIsRefused() throws Exception {
        app.add("V2__script.sql", "select 1");
        declare(Writes.class);

        app.assertRefused()
                .hasMessage(
                        "GW002 Two migrations have the version 2: %s and the class %s. Rename the one that was not"
                                + " applied anywhere yet.",
                        app.file("V2__script.sql"), name(Writes.class));
    }

    @Test
    void twoClassesOfTheSameVersionAreRefused() throws Exception {
        declare(Writes.class, Fails.class);

        app.assertRefused()
                .hasMessageStartingWith(
                        "GW002 Two migrations have the version 2: the class %s and the class %s.",
                        name(Writes.class), name(Fails.class));
    }

    public static final class CannotBeMade extends Second {
        public CannotBeMade() {
            throw new IllegalStateException("not today");
        }

        @Override
        public void migrate(Connection connection) {}
    }

    @Test
    void aClassThatCannotBeMadeIsNamed() throws Exception {
        declare(CannotBeMade.class);

        app.assertRefused()
                .hasMessageStartingWith("GW001 A migration in Java cannot be loaded: ")
                .hasMessageContaining(name(CannotBeMade.class) + " could not be instantiated")
                .hasRootCauseMessage("not today");
    }

    @Test
    void aClassThatDoesNotExistIsNamed() throws Exception {
        providers = Providers.in(folder.resolve("classes"), JavaMigration.class, List.of("com.acme.Missing"));

        app.assertRefused().hasMessageStartingWith("GW001").hasMessageContaining("com.acme.Missing not found");
    }

    public static final class Described implements JavaMigration {
        static volatile String version = "2";
        static volatile String description = "described";
        static volatile String type = "data";
        static volatile List<String> requires = List.of();

        @Override
        public String version() {
            return version;
        }

        @Override
        public String description() {
            return description;
        }

        @Override
        public String type() {
            return type;
        }

        @Override
        public List<String> requires() {
            return requires;
        }

        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String undoSql() {
            return "drop table ${what}";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "create table made()");
        }

        static void reset() {
            version = "2";
            description = "described";
            type = "data";
            requires = List.of();
        }
    }

    @Test
    void whatAClassSaysWronglyOfItselfIsRefused() throws Exception {
        declare(Described.class);
        String beginning = "GW001 The class " + name(Described.class) + " cannot be taken as a migration: ";
        try {
            Described.version = "two";
            app.assertRefused().hasMessageStartingWith(beginning + "\"two\" is not a version");
            Described.reset();
            Described.description = " ";
            app.assertRefused().hasMessageStartingWith(beginning + "description() returns nothing");
            Described.reset();
            Described.type = "apples";
            app.assertRefused()
                    .hasMessageStartingWith(
                            beginning + "type() returns \"apples\", which is none of [schema, index, data, metadata]");
            Described.reset();
            Described.requires = List.of("1.x");
            app.assertRefused().hasMessageStartingWith(beginning + "\"1.x\" is not a version");
        } finally {
            Described.reset();
        }
    }

    @Test
    void whatItRequiresComesFirstAndItsUndoIsKept() throws Exception {
        app.add("V3__three.sql", "select 1");
        declare(Described.class);
        try {
            Described.requires = List.of("3");
            Described.type = "index";
            app.start("gangway.placeholders.what=made");
        } finally {
            Described.reset();
        }

        assertThat(app.history()).containsExactly("V3__three.sql applied", name(Described.class) + " applied");
        assertThat(app.ask("select concat_ws('|', type, breaking, requires, undo_sql) from gangway_history"
                        + " where version = '2'"))
                .isEqualTo("index|t|3|drop table made");
    }

    @Test
    void aRequiredVersionThatIsNowhereIsRefused() throws Exception {
        declare(Described.class);
        try {
            Described.requires = List.of("9");
            app.assertRefused("gangway.placeholders.what=made")
                    .hasMessageContaining(name(Described.class) + " requires version 9, which is neither applied nor");
        } finally {
            Described.reset();
        }
    }

    @Test
    void itIsPartOfTheOneTransactionOfAll() throws Exception {
        addLog();
        app.add("V3__wrong.sql", "insert into nowhere values (1)");
        declare(Writes.class);

        app.assertRefused("gangway.transaction=all").hasMessageContaining("all 3 pending migrations were rolled back");
        assertThat(app.has("log")).isFalse();

        app.add("V3__wrong.sql", "copy log(entry) from stdin;\nthird\n\\.\n");
        app.start("gangway.transaction=all");
        assertThat(app.column("select entry from log order by id")).containsExactly("java", "third");
    }

    @Test
    void itSeesTheSchemaOfTheSettings() throws Exception {
        app.add("V1__log.sql", "create table log(entry text, id serial)");
        declare(Writes.class);

        app.start("gangway.schema=mine");

        assertThat(app.ask("select entry from mine.log")).isEqualTo("java");
    }

    public static final class AsksForAConnection extends Second {
        static volatile String url = "";

        @Override
        public void migrate(Connection connection) throws SQLException {
            Application.open(url).close();
        }
    }

    @Test
    void aConnectionForWhichItWouldWaitItselfIsRefused() throws Exception {
        declare(AsksForAConnection.class);
        AsksForAConnection.url = app.url();
        app.assertRefused().hasMessageContaining("has asked for a connection to it, for which it would have to wait");

        AsksForAConnection.url = app.url("ApplicationName=another gate");
        app.assertRefused().hasMessageContaining("has asked for a connection to it, for which it would have to wait");
    }

    public static final class IsAtOtherThings extends Second {
        static volatile String url = "";

        @Override
        public void migrate(Connection connection) throws SQLException {
            int pid = connection.unwrap(PGConnection.class).getBackendPID();
            // Less than it takes; the server would end the session in the meantime.
            Sql.execute(connection, "set local idle_in_transaction_session_timeout = '8s'");
            try (Connection other = Sql.connect(url)) {
                String asked = "select count(*) from pg_stat_activity where query = 'SELECT 1' and pid = " + pid;
                Await.until("somebody speaks for it", PATIENCE, () -> "1".equals(Sql.ask(other, asked)));
            }
            Sql.execute(connection, "insert into log(entry) values ('java')");
        }
    }

    @Test
    void theServerHearsOfItWhileItIsAtOtherThings() throws Exception {
        addLog();
        declare(IsAtOtherThings.class);
        IsAtOtherThings.url = app.database().jdbcUrl();

        app.start();

        assertThat(app.ask("select entry from log")).isEqualTo("java");
    }

    public static final class IsHeld extends Second {
        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('java')");
            Sql.execute(connection, Hold.HERE);
        }
    }

    /** A process of its own with the classes of a folder. */
    public static final class ConnectWithProviders {
        private ConnectWithProviders() {}

        public static void main(String[] args) throws Exception {
            Thread.currentThread().setContextClassLoader(Providers.loader(Path.of(args[1])));
            ConnectMain.main(args);
        }
    }

    @Test
    void itIsAppliedOnceWhenTheProcessIsKilledInItsMiddle() throws Exception {
        addLog();
        declare(IsHeld.class);
        Hold hold = Hold.on(app.database());
        try (ChildJvm child = ChildJvm.start(
                ConnectWithProviders.class, app.url(), folder.resolve("classes").toString())) {
            int pid = hold.awaitHeld();
            child.kill9();
            Await.until("the session has ended", PATIENCE, () -> hold.held() != pid);
        }
        assertThat(app.history()).containsExactly("V1__log.sql applied");

        hold.release();
        app.start();

        assertThat(app.ask("select count(*) from log")).isEqualTo("1");
        assertThat(app.history()).containsExactly("V1__log.sql applied", name(IsHeld.class) + " applied");
    }

    private void addLog() {
        app.add("V1__log.sql", "create table log(entry text, id serial)");
    }

    private void declare(Class<?>... classes) {
        if (providers != null) {
            providers.close();
        }
        providers = Providers.in(folder.resolve("classes"), JavaMigration.class, classes);
    }

    private static String name(Class<?> migration) {
        return migration.getName();
    }
}
