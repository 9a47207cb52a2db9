package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.command.MigrateOptions;
import dev.gangway.report.ValidationReport;
import dev.gangway.report.ValidationReport.Check;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asking whether the schema is what the files say. */
class ValidateIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__item.sql", "create table item(id int)")
                .add(
                        "V1__item.verify.sql",
                        "select 'table', 'item in ${gangway:schema}', to_regclass('item') is not null");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void aSchemaThatIsAsTheFilesSayIsValid() throws SQLException {
        app.gangway("gangway.schema=store").migrate();
        ValidationReport report = app.gangway("gangway.schema=store").validate();

        assertThat(report.checks()).containsExactly(new Check("V1__item.sql", "table", "item in store", true, null));
        assertThat(report.valid()).isTrue();
    }

    @Test
    void withoutAHistoryAllIsPendingAndNothingIsChecked() throws SQLException {
        ValidationReport report = app.gangway().validate();

        assertThat(report.pending()).containsExactly("V1__item.sql");
        assertThat(report.checks()).isEmpty();
        assertThat(report.valid()).isFalse();
    }

    @Test
    void whatContradictsIsToldTogetherWithEverythingElse() throws SQLException {
        app.add("V2__two.sql", "-- gangway: breaking=true\nselect 2").gangway().migrate();
        app.remove("V2__two.sql").add("V1__item.sql", "create table item(id bigint)");
        app.add("V3__three.sql", "select 3");
        app.execute("drop table item");
        ValidationReport report = app.gangway().validate();

        assertThat(report.problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("V1__item.sql was changed after it had been applied on ")
                        .contains("\n  file: " + app.file("V1__item.sql") + "\n  next: put the file back"))
                .anySatisfy(problem -> assertThat(problem).startsWith("GW005 The schema is newer"));
        assertThat(report.pending()).containsExactly("V3__three.sql");
        assertThat(report.checks()).containsExactly(new Check("V1__item.sql", "table", "item in public", false, null));
    }

    @Test
    void aQueryThatFailsOrHasAnotherShapeIsAFailedCheckAndTheOthersAreAskedAllTheSame() throws SQLException {
        app.gangway().migrate();
        app.add("V1__item.verify.sql", """
                select 1;
                select 'a', 'b', nonsense;
                insert into item values (1) returning 'a', 'b', true;
                select 'rows', 'none', count(*) = 0, count(*) || ' rows' from item;
                commit;
                """);
        ValidationReport report = app.gangway().validate();

        assertThat(report.checks()).extracting(Check::passed).containsExactly(false, false, false, true, false);
        assertThat(report.checks().get(0).name()).isEqualTo(app.place("V1__item.verify.sql", 1, 1));
        assertThat(report.checks().get(0).detail()).startsWith("a verify query returns (category text, name text,");
        assertThat(report.checks().get(1).detail()).contains("column \"nonsense\" does not exist");
        assertThat(report.checks().get(2).detail()).contains("cannot execute INSERT in a read-only transaction");
        assertThat(report.checks().get(3).detail()).isEqualTo("0 rows");
        assertThat(report.checks().get(4).detail()).isEqualTo("COMMIT does not belong in a verify script");
        assertThat(app.ask("select count(*) from item")).isEqualTo("0");
    }

    @Test
    void onlyWhatIsAppliedIsVerified() throws SQLException {
        app.add("V2__two.sql", "create table two()").add("V2__two.verify.sql", "select 'a', 'b', false");
        app.gangway().migrate(MigrateOptions.upTo("1"));

        assertThat(app.gangway().validate().checks()).hasSize(1);
    }
}
