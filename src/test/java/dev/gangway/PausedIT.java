package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.ChildMain;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are stopped in the middle of their work for longer than the server keeps a lock for the silent, and go on
 * when another one has taken over. All at once, because it takes half a minute.
 */
@Timeout(240)
class PausedIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String HELD = "test.held";

    @TempDir
    Path folder;

    private final List<Scene> scenes = new ArrayList<>();

    @AfterEach
    void close() throws SQLException {
        for (Scene scene : scenes) {
            scene.child.close();
            scene.app.close();
        }
    }

    /** Connects, with what is declared in a folder, and says so; or takes version 3 back. */
    public static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Thread.currentThread().setContextClassLoader(Providers.loader(Path.of(args[1])));
            if (args.length == 3) {
                Gangway.to(args[0]).build().undo(1);
                System.out.println("connected");
            } else {
                ConnectMain.main(args);
            }
        }
    }

    /** Version 2, which asks a model that takes its time. */
    public static final class AsksAModel implements JavaMigration {
        @Override
        public @Nullable String version() {
            return "2";
        }

        @Override
        public String description() {
            return "asks a model";
        }

        @Override
        public void migrate(Connection connection) throws Exception {
            Sql.execute(connection, "insert into log(entry) values ('2a')");
            if (Boolean.getBoolean(HELD)) {
                System.out.println("asks");
                ChildMain.nextLine();
            }
            Sql.execute(connection, "insert into log(entry) values ('2b')");
        }
    }

    private final class Scene {
        final Application app;
        final Observed observed;
        final ChildJvm child;
        final Path classes;

        Scene(String name, Application app, String... more) {
            this.app = app;
            this.observed = Observed.in(app.database());
            this.classes = folder.resolve(name + "-classes");
            List<String> args = new ArrayList<>(List.of(app.url(), classes.toString()));
            args.addAll(List.of(more));
            this.child = ChildJvm.start(Child.class, args, Map.of(HELD, "true"));
            scenes.add(this);
        }

        /** Another process, which waits until the paused one has lost its lock. */
        CompletableFuture<Connection> successor() {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(Providers.loader(classes));
            try {
                return ThisProcess.connecting(app.url("ApplicationName=successor"));
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        String state() throws SQLException {
            return observed.log() + " | " + app.history() + " | " + app.ask("select s::text from gangway_state s");
        }
    }

    private Application application(String name) throws SQLException {
        return Application.in(folder.resolve(name))
                .add("V1__log.sql", "create table log(entry text, id serial)")
                // Data goes to the server in messages of its own, so that nothing of it is on its way already.
                .add("V3__copy.sql", "copy log(entry) from stdin;\n3\n\\.\n")
                .add("V3__copy.undo.sql", Hold.HERE + "\ndelete from log where entry = '3'");
    }

    @Test
    void theyWakeUpAndChangeNothing() throws Exception {
        Application transaction =
                application("transaction").add("V2__two.sql", "insert into log(entry) values ('2');\n" + Hold.HERE);
        Hold heldTransaction = Hold.on(transaction.database());
        Scene inTransaction = new Scene("transaction", transaction);

        Application index = application("index").add("V2__index.sql", """
                create table item(id int);
                %s
                create index concurrently item_id on item(id);
                """.formatted(Hold.HERE));
        Hold heldStatement = Hold.on(index.database());
        Scene outside = new Scene("index", index);

        Application java = application("java");
        declare(folder.resolve("java-classes"));
        Scene inJava = new Scene("java", java);

        Application undo = application("undo");
        undo.start();
        Hold heldUndo = Hold.on(undo.database());
        Scene undoing = new Scene("undo", undo, "undo");

        Application batches = application("batches")
                .add(
                        "V2__fill.sql",
                        "-- gangway: run=background\n-- gangway: repeat=until-no-rows\n"
                                + "insert into log(entry) select '2' where not exists (select from log where entry = '2');\n"
                                + Hold.HERE);
        Hold heldBatch = Hold.on(batches.database());
        Scene beside = new Scene("batches", batches);

        for (Hold hold : List.of(heldTransaction, heldStatement, heldUndo, heldBatch)) {
            hold.awaitHeld();
        }
        inJava.child.awaitLine("asks"::equals, PATIENCE);
        beside.child.awaitLine("connected"::equals, PATIENCE);
        for (Scene scene : scenes) {
            scene.child.pause();
        }
        for (Hold hold : List.of(heldTransaction, heldStatement, heldUndo, heldBatch)) {
            hold.release();
        }

        List<CompletableFuture<Connection>> successors =
                List.of(inTransaction.successor(), outside.successor(), inJava.successor(), undoing.successor());
        Await.until("the background's lock is free", PATIENCE, () -> beside.observed.leader() == 0);
        batches.gangway().migrate();
        for (CompletableFuture<Connection> successor : successors) {
            successor.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
        }
        List<String> before = new ArrayList<>();
        for (Scene scene : scenes) {
            before.add(scene.state());
        }

        inJava.child.send("the model has answered");
        for (Scene scene : scenes) {
            scene.child.goOn();
            scene.child.awaitLine("connected"::equals, PATIENCE);
        }
        Await.until("nobody is at work", PATIENCE, () -> scenes.stream().allMatch(this::isAtRest));

        for (int i = 0; i < before.size(); i++) {
            assertThat(scenes.get(i).state()).isEqualTo(before.get(i));
        }
        assertThat(inTransaction.state())
                .startsWith("2 3 | [V1__log.sql applied, V2__two.sql applied, V3__copy.sql applied]");
        assertThat(outside.state())
                .startsWith("3 | [V1__log.sql applied, V2__index.sql applied, V3__copy.sql applied]");
        assertThat(outside.observed.isValid("item_id")).isEqualTo("t");
        assertThat(inJava.state())
                .startsWith("2a 2b 3 | [V1__log.sql applied, " + AsksAModel.class.getName() + " applied");
        assertThat(undoing.state()).startsWith("3 | [V1__log.sql applied, V3__copy.sql undone, V3__copy.sql applied]");
        assertThat(beside.app.ask("select string_agg(entry, ' ' order by entry) from log"))
                .isEqualTo("2 3");
        assertThat(beside.app.column("select script || ' ' || state from gangway_history order by script"))
                .containsExactly("V1__log.sql applied", "V2__fill.sql applied", "V3__copy.sql applied");
    }

    private static void declare(Path classes) throws IOException {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(JavaMigration.class.getName()), AsksAModel.class.getName());
    }

    private boolean isAtRest(Scene scene) {
        try {
            return scene.observed.advisoryLocks() == 0
                    && scene.observed.idleInTransaction() == 0
                    && "0"
                            .equals(scene.app.ask("select count(*) from pg_stat_activity where state = 'active'"
                                    + " and application_name like 'gangway%' and datname = current_database()"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
