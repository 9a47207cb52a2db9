package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.command.MigrateOptions;
import dev.gangway.command.ResetOptions;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of all that Gangway does to a database, with scripts in which every name is qualified: so what is sent can be
 * searched for names that are not, and nothing that a script does depends on the search_path.
 */
final class Everything {
    private static final String LIQUIBASE = """
            ;create table shop.databasechangelog(id varchar(255) not null, author varchar(255) not null,
              filename varchar(255) not null, dateexecuted timestamp not null, orderexecuted int not null,
              exectype varchar(10) not null, md5sum varchar(35));
            insert into shop.databasechangelog values ('1', 'me', 'V1__item.sql', '2026-01-01', 1, 'EXECUTED');
            create table shop.databasechangeloglock(id int primary key, locked boolean not null, lockgranted timestamp,
              lockedby varchar(255));
            insert into shop.databasechangeloglock values (1, false)""";

    private static final String FLYWAY = """
            ;create table shop.flyway_schema_history(installed_rank int primary key, version varchar(50),
              description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum int,
              installed_by varchar(100) not null, installed_on timestamp not null,
              execution_time int not null, success boolean not null);
            insert into shop.flyway_schema_history values
              (1, '1', 'item', 'SQL', 'V1__item.sql', null, 'me', '2026-01-01', 1, true)""";

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
        adopt();
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
            for (int version = 10; version < 20; version++) {
                app.add("V" + version + "__small.sql", "create table shop.small_" + version + "()");
            }
            start();
            search();
        }
    }

    /** Measures a search, which is written down when the gate is closed at the latest. */
    private void search() throws SQLException {
        app.execute("create table shop.searches(searched_at pg_catalog.timestamptz, operator pg_catalog.text)");
        String url = app.url(through, with("gangway.search=measure,accelerate", "gangway.search.table=shop.searches"));
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement search = connection.prepareStatement("select id from shop.item order by embedding"
                        + " operator(pg_catalog.<->) ?::pg_catalog.vector")) {
            search.setString(1, "[1,2,3]");
            search.executeQuery().close();
        }
        Gates.clear();
        assertThat(app.ask("select operator from shop.searches")).isEqualTo("<->");
    }

    /** Takes over another tool's history, twice, and leaves nothing of it. */
    private void adopt() throws SQLException {
        app.add("V1__item.sql", "--liquibase formatted sql\n--changeset me:1\ncreate table shop.item()");
        adopt(LIQUIBASE);
        adopt(FLYWAY);
    }

    private void adopt(String tables) throws SQLException {
        app.execute("create schema if not exists shop; create table shop.item()" + tables);
        start();
        assertThat(app.ask("select state from shop.gangway_history")).isEqualTo("adopted");
        app.execute("drop schema shop cascade");
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
