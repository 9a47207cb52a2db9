package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that bring rows along after COPY … FROM STDIN, as pg_dump writes them. */
class CopyIT {
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
    void rowsAfterCopyAreLoaded() throws SQLException {
        app.add("V1__copy.sql", """
                create table item(id int, name text);
                copy item (id, name) from stdin;
                1\tan anchor
                2\t\\N
                3\ta; semicolon -- and no comment
                \\.
                """).start();
        assertThat(app.column("select id || ' ' || coalesce(name, 'null') from item order by id"))
                .containsExactly("1 an anchor", "2 null", "3 a; semicolon -- and no comment");
        assertThat(app.history()).containsExactly("V1__copy.sql applied");
    }

    @Test
    void statementsAndMoreCopiesMayFollow() throws SQLException {
        app.add("V1__copy.sql", """
                create table item(id int, name text, seen bigint default txid_current());
                copy item (id, name) from stdin with (format csv);
                1,"a, b"
                \\.
                update item set id = id + 10;
                copy item (id, name) from stdin;
                2\tü🚢
                \\.
                insert into item select 3, 'last';
                """).start();
        assertThat(app.column("select id || ' ' || name from item order by name collate \"C\""))
                .containsExactly("11 a, b", "3 last", "2 ü🚢");
        assertThat(app.ask("select count(distinct seen) from item")).isEqualTo("1");
    }

    @Test
    void aWrongRowTakesTheWholeMigrationBack() throws SQLException {
        app.add("V1__copy.sql", """
                create table item(id int);

                copy item from stdin;
                1
                2
                three
                4
                \\.
                create table after();
                """);
        app.assertRefused()
                .hasMessageContaining("file:      " + app.place("V1__copy.sql", 3, 1))
                .hasMessageContaining("statement: copy item from stdin")
                .hasMessageContaining("invalid input syntax for type integer: \"three\" (SQLState 22P02)")
                .hasMessageContaining("COPY item, line 3, column id: \"three\"");
        assertThat(app.has("item")).isFalse();
        assertThat(app.history()).containsExactly("V1__copy.sql failed");
    }

    @Test
    void aStatementThatFailsBehindACopyTakesItsRowsBack() throws SQLException {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__copy.sql", """
                copy item from stdin;
                1
                \\.
                select 1/0;
                """);
        app.assertRefused().hasMessageContaining(app.place("V2__copy.sql", 4, 1));
        assertThat(app.ask("select count(*) from item")).isEqualTo("0");
    }

    @Test
    void anEmptyCopyLoadsNothing() throws SQLException {
        app.add("V1__copy.sql", "create table item(id int);\ncopy item from stdin;\n\\.\n")
                .start();
        assertThat(app.ask("select count(*) from item")).isEqualTo("0");
    }
}
