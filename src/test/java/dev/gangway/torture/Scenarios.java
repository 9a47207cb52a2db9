package dev.gangway.torture;

import java.util.List;

/** What is tortured. Each migration writes into the table {@code log} that it has run. */
final class Scenarios {
    private static final String LOG = "create table log(entry text);\n" + log("1");
    private static final String ITEMS = """
            create extension if not exists vector;
            create table item(id int, name text, embedding vector(3));
            insert into item select i, 'item ' || i, array[i, i, 1] from generate_series(1, 20) i;
            """;

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                small(),
                statementByStatement(),
                concurrentIndexes(),
                batches(),
                background(),
                java(),
                repeatables(),
                undo(),
                nextTwo(),
                undoTwo(),
                flyway(),
                liquibase(),
                oneTransaction(),
                deferred(),
                repair(),
                baseline(),
                reset(),
                newSchema(),
                backup());
    }

    private static String log(String entry) {
        return "insert into log(entry) values ('" + entry + "');\n";
    }

    private static Scenario small() {
        return Scenario.of("small migrations")
                .file("V1__log.sql", LOG)
                .file("V2__item.sql", "create table item(id int, name text);\n" + log("2"))
                .file("V3__more.sql", "insert into item values (0, 'zero');\n" + log("3"))
                .file("V4__copy.sql", log("4") + "copy item from stdin;\n1\tone\n2\ttwo\n\\.\n")
                .file("V5__checked.sql", log("5"))
                .file("V5__checked.verify.sql", "select 'log', 'five', count(*) = 1 from log where entry = '5';")
                .file("V6__next.sql", log("6"))
                .file("V7__last.sql", "alter table item add primary key (id);\n" + log("7"))
                .file("R__view.sql", "create or replace view items as select * from item;\n" + log("view"));
    }

    private static Scenario statementByStatement() {
        return Scenario.of("statement by statement")
                .earlier("V1__log.sql", LOG)
                .file(
                        "V2__parts.sql",
                        "-- gangway: transaction=off\n" + log("2a") + "create table item(id int);\n" + log("2b")
                                + "vacuum log;\n" + "alter table item add name text;\n" + log("2c"))
                .file("V2__parts.verify.sql", "select 'log', 'two', count(*) = 3 from log where entry like '2%';")
                .file("V3__vacuum.sql", "vacuum analyze log;\n" + log("3"))
                .file("V4__last.sql", log("4"));
    }

    private static Scenario concurrentIndexes() {
        return Scenario.of("concurrent indexes")
                .earlier("V1__log.sql", LOG)
                .earlier(
                        "V2__item.sql",
                        ITEMS + "create index item_old on item(id);\ncreate index item_name on item(name);")
                .file(
                        "V3__indexes.sql",
                        "create index concurrently item_embedding on item using hnsw (embedding vector_l2_ops);\n"
                                + log("3a")
                                + "create unique index concurrently if not exists item_id on item(id);\n"
                                + "drop index concurrently item_old;\n"
                                + "reindex index concurrently item_name;\n"
                                + log("3b"));
    }

    private static Scenario batches() {
        return Scenario.of("batches")
                .earlier("V1__log.sql", LOG)
                .earlier(
                        "V2__todo.sql",
                        "create table todo(id int, done bool); insert into todo select generate_series(1, 7);")
                .file("V3__batches.sql", BATCHES)
                .file("V3__batches.verify.sql", "select 'todo', 'done', count(*) = 7 from todo where done;")
                .file("V4__last.sql", log("4"));
    }

    private static final String BATCHES = """
            -- gangway: repeat=until-no-rows
            insert into log(entry) select 'batch' where exists (select from todo where done is null);
            update todo set done = true where id in (select id from todo where done is null order by id limit 3);
            """;

    private static Scenario background() {
        return Scenario.of("background")
                .earlier("V1__log.sql", LOG)
                .earlier("V2__item.sql", ITEMS + "create table todo(id int, done bool);")
                .file("V3__todo.sql", "insert into todo select generate_series(1, 4);\n" + log("3"))
                .file(
                        "V4__index.sql",
                        "-- gangway: run=background\ncreate index concurrently item_embedding on item using hnsw"
                                + " (embedding vector_cosine_ops);\n" + log("4"))
                .file("V5__batches.sql", "-- gangway: run=background\n" + BATCHES)
                .file("V6__last.sql", log("6"))
                .inBackground("V4__index.sql", "V5__batches.sql");
    }

    private static Scenario java() {
        return Scenario.of("java")
                .file("V1__log.sql", LOG)
                .file("V3__between.sql", log("3"))
                .file("V5__last.sql", log("5"))
                .classes(List.of(JavaMigrations.Second.class, JavaMigrations.Fourth.class));
    }

    private static Scenario repeatables() {
        return Scenario.of("repeatables")
                .earlier("V1__log.sql", LOG)
                .earlier("R__view.sql", "create or replace view seen as select 1 as a;\n" + log("view 1"))
                .earlier("R__same.sql", "create or replace view same as select 1 as a;\n" + log("same"))
                .file("V2__new.sql", log("2"))
                .file("R__view.sql", "create or replace view seen as select 1 as a, 2 as b;\n" + log("view 2"))
                .file("R__new.sql", "create or replace view fresh as select 1 as a;\n" + log("new"));
    }

    private static Scenario undo() {
        return Scenario.of("undo")
                .earlier("V1__log.sql", LOG + ITEMS)
                .earlier("V3__table.sql", "create table three(id int);\n" + log("3"))
                .earlier("V3__table.undo.sql", "drop table three;\n" + log("undone 3"))
                .earlier("V5__indexes.sql", """
                        create index concurrently item_id on item(id);
                        create index concurrently item_embedding on item using hnsw (embedding vector_l2_ops);
                        """)
                .earlier(
                        "V5__indexes.undo.sql",
                        "drop index concurrently item_embedding;\ndrop index concurrently item_id;\n" + log("undone 5"))
                .earlier("V6__data.sql", "delete from item where id > 10;\n" + log("6"))
                .earlier(
                        "V6__data.undo.sql", "insert into item(id) select generate_series(11, 20);\n" + log("undone 6"))
                .classes(List.of(JavaMigrations.Second.class, JavaMigrations.Fourth.class))
                .does(Action.UNDO);
    }

    private static Scenario nextTwo() {
        return Scenario.of("the next two")
                .earlier("V1__log.sql", LOG)
                .file("V2__two.sql", log("2"))
                .file("V3__index.sql", "create index concurrently log_entry on log(entry);")
                .file("V4__four.sql", log("4"))
                .file("V5__five.sql", log("5"))
                .file("V6__six.sql", log("6"))
                .does(Action.MIGRATE_TWO)
                .onlyOnce();
    }

    private static Scenario undoTwo() {
        return Scenario.of("undo of two")
                .earlier("V1__log.sql", LOG)
                .earlier("V2__two.sql", log("2"))
                .earlier("V2__two.undo.sql", log("undone 2"))
                .earlier("V3__three.sql", log("3"))
                .earlier("V3__three.undo.sql", log("undone 3"))
                .earlier("V4__four.sql", log("4"))
                .earlier("V4__four.undo.sql", log("undone 4"))
                .earlier("V5__five.sql", log("5"))
                .earlier("V5__five.undo.sql", log("undone 5"))
                .does(Action.UNDO_TWO)
                .onlyOnce();
    }

    private static Scenario flyway() {
        return Scenario.of("adoption of flyway")
                .then(LOG + """
                                create table flyway_schema_history(installed_rank int primary key, version varchar(50),
                                  description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null,
                                  checksum int, installed_by varchar(100) not null, installed_on timestamp not null default now(),
                                  execution_time int not null, success boolean not null);
                                insert into flyway_schema_history values
                                  (1, '1', 'log', 'SQL', 'V1__log.sql', null, 'me', '2026-01-01', 1, true),
                                  (2, '2', 'two', 'SQL', 'V2__two.sql', null, 'me', '2026-01-01', 1, true);
                                """ + log("2"))
                .file("V1__log.sql", LOG)
                .file("V2__two.sql", log("2"))
                .file("V3__new.sql", log("3"))
                .file("R__new.sql", log("new"));
    }

    private static Scenario liquibase() {
        String changeset = "--liquibase formatted sql\n--changeset me:%s\n";
        return Scenario.of("adoption of liquibase")
                .then(LOG + """
                                create table databasechangelog(id varchar(255) not null, author varchar(255) not null,
                                  filename varchar(255) not null, dateexecuted timestamp not null, orderexecuted int not null,
                                  exectype varchar(10) not null, md5sum varchar(35), description varchar(255),
                                  comments varchar(255), tag varchar(255), liquibase varchar(20), contexts varchar(255),
                                  labels varchar(255), deployment_id varchar(10));
                                insert into databasechangelog values
                                  ('1', 'me', 'V1__log.sql', '2026-01-01', 1, 'EXECUTED'),
                                  ('2', 'me', 'V2__two.sql', '2026-01-01', 2, 'EXECUTED');
                                """ + log("2"))
                .file("V1__log.sql", changeset.formatted("1") + LOG)
                .file("V2__two.sql", changeset.formatted("2") + log("2"))
                .file("V3__index.sql", "create index concurrently log_entry on log(entry);")
                .file("V4__new.sql", log("4"));
    }

    private static Scenario oneTransaction() {
        return Scenario.of("one transaction")
                .setting("gangway.transaction=all")
                .earlier("V1__log.sql", LOG)
                .file("V2__item.sql", "create table item(id int, name text);\n" + log("2"))
                .file("V3__copy.sql", log("3") + "copy item from stdin;\n1\tone\n\\.\n")
                .file("V4__checked.sql", log("4"))
                .file("V4__checked.verify.sql", "select 'log', 'four', count(*) = 1 from log where entry = '4';")
                .file("R__view.sql", "create or replace view items as select * from item;\n" + log("view"))
                .inOneTransaction();
    }

    private static Scenario deferred() {
        return Scenario.of("deferred")
                .earlier("V1__log.sql", LOG + "create table chunk(id int);")
                .earlier("V2__index.sql", "-- gangway: when=(select count(*) from chunk) >= 3\n" + log("2"))
                .earlier(
                        "V3__concurrent.sql",
                        "-- gangway: when=(select count(*) from chunk) >= 3\n"
                                + "create index concurrently chunk_id on chunk(id);")
                .earlier("V4__never.sql", "-- gangway: when=(select count(*) from chunk) >= 4\n" + log("4"))
                .then("insert into chunk select generate_series(1, 3)")
                .file("V5__new.sql", log("5"));
    }

    private static Scenario repair() {
        return Scenario.of("repair")
                .earlier("V1__log.sql", LOG)
                .earlier("V2__item.sql", "create table item(id int);\ninsert into item values (1), (1);\n" + log("2"))
                .earlier("V3__unique.sql", "create unique index concurrently item_id on item(id);\n")
                .earlierFails()
                .file("V2__item.sql", "create table item(id int not null);\n" + log("2"))
                .file("V2__item.undo.sql", "drop table item;")
                .does(Action.REPAIR);
    }

    private static Scenario baseline() {
        return Scenario.of("baseline")
                .then(LOG)
                .file("V1__log.sql", LOG)
                .file("V2__two.sql", log("2"))
                .file("V3__three.sql", log("3"))
                .does(Action.BASELINE);
    }

    private static Scenario reset() {
        return Scenario.of("reset")
                .earlier("V1__log.sql", LOG + ITEMS)
                .earlier("V2__more.sql", "create view items as select * from item;\ncreate type mood as enum ('a');")
                .earlier("V3__function.sql", "create function one() returns int language sql return 1;")
                .does(Action.RESET);
    }

    private static Scenario newSchema() {
        return Scenario.of("new schema")
                .setting("gangway.schema=shop")
                .file("V1__log.sql", LOG)
                .file("V2__index.sql", "create index concurrently log_entry on log(entry);");
    }

    private static Scenario backup() {
        return Scenario.of("backup")
                .setting("gangway.backup=" + Scenario.DIRECTORY + "/backups")
                .everyOf(9)
                .earlier("V1__log.sql", LOG)
                .file("V2__two.sql", log("2"))
                .file("V3__three.sql", log("3"));
    }
}
