package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gangway.schema and gangway.historyTable: where the history lives and what migrations see first. */
class SchemaSettingIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void aSchemaThatDoesNotExistIsCreatedAndSeenFirst() throws SQLException {
        app.add("V1__item.sql", "create table item()");
        app.add("V2__index.sql", "alter table item add id int; create index concurrently item_id on item(id)");
        app.start("gangway.schema=Sales");
        assertThat(app.has("\"Sales\".gangway_history")).isTrue();
        assertThat(app.has("\"Sales\".item")).isTrue();
        assertThat(app.has("\"Sales\".item_id")).isTrue();
        assertThat(app.has("public.item")).isFalse();
        app.start("gangway.schema=Sales");
    }

    @Test
    void whatIsInTheSessionsOwnSchemasIsStillFound() throws SQLException {
        app.execute("create table public.old(id int)");
        app.add("V1__item.sql", "create view item as select id from old").start("gangway.schema=sales");
        assertThat(app.has("sales.item")).isTrue();
    }

    @Test
    void pgvectorIsFoundWithoutItsSchemasNameWhereverItIs() throws SQLException {
        app.execute("create schema ext; create extension vector schema ext");
        app.add("V1__item.sql", """
                create table item(embedding vector(3));
                create index on item using hnsw (embedding vector_l2_ops);
                select embedding <-> '[1,2,3]' from item;
                """);
        app.add("V2__item.sql", "create index concurrently i on item using hnsw (embedding vector_cosine_ops)");
        app.start();
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__item.sql applied");
    }

    @Test
    void pgvectorIsFoundInTheSchemaThatTheMigrationPutsItInto() throws SQLException {
        app.add("V1__vector.sql", """
                create schema ext;
                create extension vector schema ext;
                create table first(embedding vector(3));
                """);
        app.add("V2__item.sql", "create table second(embedding vector(3))").start();
        assertThat(app.has("public.second")).isTrue();
    }

    @Test
    void applicationsWithSchemasOfTheirOwnDoNotDisturbEachOther(@TempDir Path otherFolder) throws SQLException {
        app.add("V1__item.sql", "create table item()").start("gangway.schema=one");
        try (Application other = Application.in(otherFolder)) {
            other.add("V1__different.sql", "create table different()");
            String url = app.url("gangway.locations=filesystem:" + otherFolder, "gangway.schema=two");
            Application.startAt(url);
            app.start("gangway.schema=one");
            Application.startAt(url);
        }
        assertThat(app.has("one.item")).isTrue();
        assertThat(app.has("two.different")).isTrue();
        assertThat(app.has("two.item")).isFalse();
        assertThat(app.ask("select count(*) from one.gangway_history")).isEqualTo("1");
        assertThat(app.ask("select count(*) from two.gangway_history")).isEqualTo("1");
    }

    @Test
    void aHistoryTableOfAnotherNameHasAStateTableOfThatName() throws SQLException {
        app.add("V1__item.sql", "create table item()").start("gangway.historyTable=Ledger");
        assertThat(app.has("\"Ledger\"")).isTrue();
        assertThat(app.has("\"Ledger_state\"")).isTrue();
        assertThat(app.has("gangway_history")).isFalse();
        assertThat(app.has("gangway_state")).isFalse();
        app.start("gangway.historyTable=Ledger");
    }
}
