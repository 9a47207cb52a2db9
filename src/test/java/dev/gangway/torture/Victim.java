package dev.gangway.torture;

import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.ChildMain;
import dev.gangway.testkit.Providers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The process that is struck. */
sealed interface Victim {

    /** Whether it has done what it wanted, or has failed. */
    boolean isOver() throws Exception;

    /** Ends it by SIGKILL. */
    void kill();

    /** One that lives in this JVM, which to the driver is as good as one of its own, as long as nobody kills it. */
    final class InThisJvm implements Victim {
        private final CompletableFuture<Ending> ending = new CompletableFuture<>();

        /** @param deed ends when the process is through */
        static InThisJvm start(Stage stage, Stage.Deed deed) {
            InThisJvm victim = new InThisJvm();
            Thread thread = new Thread(() -> victim.run(stage, deed), "victim");
            thread.setDaemon(true);
            thread.start();
            return victim;
        }

        private void run(Stage stage, Stage.Deed deed) {
            try {
                stage.inside(deed);
                ending.complete(new Ending(null));
            } catch (SQLException e) {
                ending.complete(new Ending(e));
            } catch (RuntimeException | Error e) {
                ending.completeExceptionally(e);
            }
        }

        @Override
        public boolean isOver() {
            return ending.isDone();
        }

        /** How it has ended; throws what is no way to end. */
        Ending ending() {
            return ending.join();
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException("That would end the tests");
        }
    }

    /** How a process ends that nobody kills: with what it wanted, or with an exception. */
    record Ending(@Nullable SQLException failure) {
        @Override
        public String toString() {
            return failure == null ? "went on by itself" : "failed with SQLState " + failure.getSQLState();
        }
    }

    /** One with a JVM of its own. */
    final class InChild implements Victim {
        private static final String OVER = "over";

        private final ChildJvm child;
        private final Stage stage;
        private final Specimen database;

        /** @param waiting a JVM that runs {@link Main} */
        InChild(ChildJvm waiting, Stage stage, Specimen database) {
            this.child = waiting;
            this.stage = stage;
            this.database = database;
        }

        void start(String url) {
            child.send(stage.scenario().action().name());
            child.send(stage.classes().toString());
            child.send(url);
        }

        @Override
        public boolean isOver() throws SQLException {
            return child.lines().contains(OVER) && stage.isThrough(database);
        }

        @Override
        public void kill() {
            child.kill9();
        }
    }

    /** The main class of a process that waits until it is told what to do. */
    final class Main {
        private Main() {}

        public static void main(String[] args) throws Exception {
            Class.forName("dev.gangway.Gangway");
            Class.forName("org.postgresql.Driver");
            Action action = Action.valueOf(ChildMain.nextLine());
            Thread.currentThread().setContextClassLoader(Providers.loader(Path.of(ChildMain.nextLine())));
            action.perform(ChildMain.nextLine(), () -> {});
            System.out.println(InChild.OVER);
            ChildMain.nextLine(); // what runs beside the application goes on
        }
    }
}
