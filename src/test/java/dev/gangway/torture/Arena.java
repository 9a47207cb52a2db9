package dev.gangway.torture;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.LocalPostgres;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A server of its own for one worker, which may do to it what it likes. Not thread-safe. */
final class Arena implements AutoCloseable {
    private static final String CHECKPOINTER =
            "select pid::text from pg_stat_activity where backend_type = 'checkpointer'";

    private final LocalPostgres server = LocalPostgres.start(Map.of("shared_buffers", "32MB"));
    private final Map<Stage, String> templates = new HashMap<>();
    private int count;

    /** A database as the scenario finds it. */
    Specimen fresh(Stage stage) throws SQLException {
        String template = templates.get(stage);
        if (template == null) {
            template = "template_" + templates.size();
            server.address().execute("postgres", "create database " + template + " template template0");
            Specimen begin = new Specimen(this, template, stage.schema());
            stage.prepare(begin);
            begin.release();
            Await.until(
                    "nobody is connected to the template",
                    Specimen.PATIENCE,
                    () -> server.address()
                                    .ask("postgres", "select 1 from pg_stat_activity where datname like 'template%'")
                            == null);
            templates.put(stage, template);
        }
        String name = "cut_" + server.port() + "_" + ++count;
        server.address().execute("postgres", "create database " + name + " template " + template);
        return new Specimen(this, name, stage.schema());
    }

    LocalPostgres server() {
        return server;
    }

    /** Ends the server in the middle of what it is at, and starts it again. */
    void crash() {
        server.stopImmediately();
        server.restart();
    }

    /** Kills a process of the server, at which it ends all others and recovers. */
    void kill(long pid) throws SQLException {
        String before = server.address().ask("postgres", CHECKPOINTER);
        if (ProcessHandle.of(pid).filter(ProcessHandle::destroyForcibly).isEmpty()) {
            return; // it had come to its end by itself
        }
        Await.until("the server has recovered", Specimen.PATIENCE, () -> {
            // Once it is reaped, the postmaster answers nobody before it has recovered; if it answers, and nothing has
            // changed, the process had come to its end by itself in this very moment.
            boolean reaped = ProcessHandle.of(pid).isEmpty();
            String now = server.address().ask("postgres", CHECKPOINTER);
            return now != null && (reaped || !now.equals(before));
        });
    }

    @Override
    public void close() {
        server.close();
    }
}
