package dev.gangway;

import dev.gangway.command.MigrateOptions;
import dev.gangway.command.ResetOptions;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of all that Gangway does to a database, with scripts in which every name is qualified: so what is sent can be
 * searched for names that are not, and nothing that a script does depends on the search_path.
 */
final class Everything {
    private final Application app;
    private final ServerAddress through;
    private final String[] settings;

    /** @param through where the server is reached; settings as for {@link Application#url} */
    Everything(Application app, ServerAddress through, String... settings) {
        this.app = app;
        this.through = through;
        this.settings = settings;
    }

    /** Leaves a schema that is current. The extension has to be there, in pg_catalog. */
    @SuppressWarnings("try") // declared for the thread, not for a reference
    void run(Path services) throws Exception {
        String schema = "shop";
        app.add("V1__item.sql", "create table shop.item(id pg_catalog.int4, embedding pg_catalog.vector(3))");
        app.add("V1__item.undo.sql", "drop table shop.item");
        app.add("V1__item.verify.sql", "select 'item'::pg_catalog.text, 'is there'::pg_catalog.text, true");
        app.add("V2__rows.sql", "copy shop.item from stdin;\n1\t[1,2,3]\n2\t[4,5,6]\n\\.\n");
        app.add(
                "V3__hnsw.sql",
                "create index item_embedding on shop.item using hnsw (embedding pg_catalog.vector_l2_ops)");
        app.add(
                "V4__concurrently.sql",
                "create index concurrently item_id on shop.item(id);\nreindex table concurrently shop.item");
        app.add(
                "V5__batches.sql",
                "-- gangway: repeat=until-no-rows\ndelete from shop.item where id operator(pg_catalog.=) 2");
        app.add(
                "V6__deferred.sql",
                "-- gangway: when=exists (select from shop.item where id operator(pg_catalog.=) 9)\nselect 1");
        app.add("V7__index.sql", "-- gangway: run=background\ncreate index concurrently item_bg on shop.item(id)");
        app.add("R__view.sql", "create or replace view shop.items as select id from shop.item");
        app.add("V8__extension.sql", "create extension if not exists vector");
        try (Providers declared = Providers.in(services, JavaMigration.class, InJava.class)) {
            start();
            start("gangway.recheck=always");
            gangway().migrate();
            gangway().status();
            gangway().plan();
            gangway().validate();
            gangway().history();
            app.add("V9__plan.sql", "alter table shop.item add column name pg_catalog.text");
            app.add("V9__plan.undo.sql", "alter table shop.item drop column name");
            gangway().plan();
            gangway().migrate(MigrateOptions.ALL);
            gangway().undo(1);
            app.remove("V9__plan.sql").remove("V9__plan.undo.sql");
            app.add("V1__item.sql", "create table shop.item(id pg_catalog.int8, embedding pg_catalog.vector(3))");
            gangway().repair();
            gangway().unlock();
            app.execute("truncate " + schema + ".gangway_state");
            start();
            gangway().reset(new ResetOptions(true, true));
            gangway().baseline("0.5");
            start("gangway.transaction=each", "gangway.mode=off");
            start();
        }
    }

    /** Is taken into account like a script. */
    public static final class InJava implements JavaMigration {
        @Override
        public String version() {
            return "1.5";
        }

        @Override
        public String description() {
            return "in Java";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "select 1");
        }
    }

    private void start(String... more) throws SQLException {
        Application.startAt(app.url(through, with(more)));
    }

    private Gangway gangway() throws SQLException {
        return Gangway.to(app.url(through, with())).build();
    }

    private String[] with(String... more) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
