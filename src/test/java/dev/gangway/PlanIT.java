package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.command.MigrateOptions;
import dev.gangway.report.PlanReport;
import dev.gangway.report.PlanReport.Command;
import dev.gangway.report.PlanReport.Lock;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What migrate would do. */
class PlanIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder).add("V1__item.sql", "create table item(id int, name text)");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void itShowsEachCommandAsItIsSentAndChangesNothing() throws Exception {
        app.gangway().migrate();
        app.add("V2__more.sql", "-- gangway: risk=low\ninsert into item values (1);\nalter table item add x int");
        app.add("V3__index.sql", "create index concurrently item_id on item(id)");
        String before = app.ask("select s::text from gangway_state s");
        PlanReport report = app.gangway().plan();

        assertThat(app.ask("select s::text from gangway_state s")).isEqualTo(before);
        assertThat(report.steps()).extracting(PlanReport.Step::script).containsExactly("V2__more.sql", "V3__index.sql");
        assertThat(report.steps().get(0).risk()).isEqualTo("low");
        List<Command> scripts = report.steps().get(0).commands().stream()
                .filter(command -> !command.own())
                .toList();
        assertThat(scripts)
                .extracting(Command::sql)
                .containsExactly("insert into item values (1)", "alter table item add x int");
        assertThat(scripts).extracting(Command::line).containsExactly(2, 3);
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            Gangway.to(app.url(proxy.address())).build().migrate();
            String sent = withoutEpochs(String.join(";\n", proxy.sql()));
            for (PlanReport.Step step : report.steps()) {
                for (Command command : step.commands()) {
                    assertThat(sent).contains(comparable(command));
                }
            }
        }
        assertThat(app.gangway().plan().steps()).isEmpty();
    }

    /** How long a statement took is not known before. */
    private static String comparable(Command command) {
        String sql = withoutEpochs(command.sql());
        int at = sql.indexOf("pg_catalog.clock_timestamp(), 0)");
        return at < 0 ? sql : sql.substring(0, at);
    }

    /** Each leader counts by a random stride of its own. */
    private static String withoutEpochs(String sql) {
        return sql.replaceAll("epoch (= |OPERATOR\\(pg_catalog\\.=\\) )[0-9]+", "epoch $1any");
    }

    @Test
    void withoutAHistoryItPlansFromTheBeginningAndCreatesNone() throws SQLException {
        PlanReport report = app.gangway().plan();

        assertThat(report.steps()).hasSize(1);
        assertThat(report.steps().get(0).commands().get(0).sql()).startsWith("BEGIN ISOLATION LEVEL");
        assertThat(app.has("gangway_history")).isFalse();
    }

    @Test
    void locksOnTablesThatExistAreTold() throws SQLException {
        app.gangway().migrate();
        app.add("V2__type.sql", "alter table item alter id type bigint; create table fresh(); drop table fresh");
        List<Lock> locks = app.gangway().plan().steps().get(0).commands().stream()
                .flatMap(command -> command.locks().stream())
                .toList();

        assertThat(locks).hasSize(1);
        assertThat(locks.get(0).table()).isEqualTo("public.item");
        assertThat(locks.get(0).mode()).isEqualTo("ACCESS EXCLUSIVE");
        assertThat(locks.get(0).note()).startsWith("writes the whole table anew under this lock");
    }

    @Test
    void conditionsBackgroundAndOptionsShow() throws SQLException {
        app.add("V2__when.sql", "-- gangway: when=false\nselect 2").gangway().migrate();
        app.add("V3__more.sql", "-- gangway: when=1 < 2\nselect 3");
        app.add("V4__behind.sql", "-- gangway: run=background\n-- gangway: repeat=until-no-rows\ndelete from item");
        PlanReport report = app.gangway().plan();

        assertThat(report.deferred()).singleElement().satisfies(deferred -> {
            assertThat(deferred.script()).isEqualTo("V2__when.sql");
            assertThat(deferred.why()).isEqualTo("waits until this holds: false");
        });
        assertThat(report.steps())
                .extracting(step -> step.script() + " " + step.condition() + " " + step.background())
                .containsExactly("V3__more.sql 1 < 2 false", "V4__behind.sql null true");
        assertThat(app.gangway().plan(MigrateOptions.upTo("3")).steps()).hasSize(1);
    }

    @Test
    void noDataIsLoaded() throws SQLException {
        app.gangway().migrate();
        app.add("V2__inline.sql", "copy item from stdin;\n1\tone\n\\.\n");
        app.add("V3__batch.sql", "-- gangway: repeat=until-no-rows\ninsert into item values (1)");
        app.add("V4__index.sql", "insert into item values (1); create index concurrently i on item(id)");
        app.add("item.csv", "5,five\n");
        app.add("V5__file.sql", "\\copy item from 'item.csv' with (format csv)");

        assertThat(app.gangway().plan().steps()).hasSize(4).allSatisfy(step -> assertThat(step.commands())
                .anySatisfy(command -> assertThat(command.own()).isFalse()));
        assertThat(app.ask("select count(*) from item")).isEqualTo("0");
        assertThat(app.has("i")).isFalse();
    }

    @Test
    void secretsAreMasked() throws SQLException {
        app.add("V2__role.sql", "create role r_${gangway:database} password '${appPassword}'");
        app.add("V2__role.undo.sql", "alter role r_${gangway:database} password '${appPassword}'");
        String shown = app.gangway("gangway.placeholders.appPassword=Zq7").plan().steps().stream()
                .flatMap(step -> step.commands().stream())
                .map(Command::sql)
                .collect(Collectors.joining("\n"));

        assertThat(shown).contains("password '***'").doesNotContain("Zq7");
    }
}
