package dev.gangway.torture;

import java.util.List;

/** What is tortured. Each migration writes into the table {@code log} that it has run. */
final class Scenarios {
    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(small(), statementByStatement());
    }

    private static String log(String entry) {
        return "insert into log(entry) values ('" + entry + "');\n";
    }

    private static Scenario small() {
        return Scenario.of("small migrations")
                .file("V1__log.sql", "create table log(entry text);\n" + log("1"))
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
                .earlier("V1__log.sql", "create table log(entry text);\n" + log("1"))
                .file(
                        "V2__parts.sql",
                        "-- gangway: transaction=off\n" + log("2a") + "create table item(id int);\n" + log("2b")
                                + "vacuum log;\n" + "alter table item add name text;\n" + log("2c"))
                .file("V2__parts.verify.sql", "select 'log', 'two', count(*) = 3 from log where entry like '2%';")
                .file("V3__vacuum.sql", "vacuum analyze log;\n" + log("3"))
                .file("V4__last.sql", log("4"));
    }
}
