package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.report.HistoryReport;
import dev.gangway.report.MigrateReport;
import dev.gangway.report.PlanReport;
import dev.gangway.report.RepairReport;
import dev.gangway.report.ResetReport;
import dev.gangway.report.StatusReport;
import dev.gangway.report.UndoReport;
import dev.gangway.report.UnlockReport;
import dev.gangway.report.ValidationReport;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people see of each report, as a whole. */
class ReportTextTest {
    private static final Style COLOURED = new Style(true, 200);

    @Test
    void statusIsATableWithNotesBelow() {
        assertThat(StatusText.of(Reports.STATUS, Style.PLAIN)).isEqualTo("""
                app@db:5432/app, schema public, version 2

                version     description  type    status   installed (UTC)      script
                1           documents    schema  applied  2026-11-20 18:30:01  V1__documents.sql
                2           index        index   changed  2026-11-20 18:30:02  V2__index.sql
                3           clean up     data    failed                        V3__clean_up.sql
                repeatable  view         schema  pending                       R__view.sql

                failed: V3__clean_up.sql
                  V3__clean_up.sql:2:1 does not work
                  next: correct it
                warning: V1_1__late.sql is out of order
                The schema is not current: 1 pending, 1 applied, 1 changed, 1 failed.
                """);
    }

    @Test
    void statusOfAnEmptySchemaWithoutFilesSaysSo() {
        StatusReport empty = new StatusReport("app@db:5432/app", "public", null, List.of(), List.of());

        assertThat(StatusText.of(empty, Style.PLAIN)).isEqualTo("""
                app@db:5432/app, schema public, no version yet

                There are no migrations.
                """);
    }

    @Test
    void aFailedMigrationIsRedAndAnAppliedOneGreen() {
        assertThat(StatusText.of(Reports.STATUS, COLOURED))
                .contains("\u001b[31mfailed\u001b[0m", "\u001b[32mapplied\u001b[0m", "\u001b[1mversion\u001b[0m");
    }

    @Test
    void historyIsATableWithErrorsBelow() {
        assertThat(HistoryText.of(Reports.HISTORY, Style.PLAIN)).isEqualTo("""
                app@db:5432/app, table public.gangway_history

                rank  version  description  type    state    undo  installed (UTC)      by     took   script
                1     1        documents    schema  applied  yes   2026-11-20 18:30:01  owner  12 ms  V1__documents.sql
                2     2        index        index   failed   no    2026-11-20 18:30:02  owner  75 s   V2__index.sql

                failed: V2__index.sql
                  ERROR: no
                """);
    }

    @Test
    void anEmptyHistoryIsOneLine() {
        assertThat(HistoryText.of(
                        new HistoryReport("app@db:5432/app", "public.gangway_history", List.of()), Style.PLAIN))
                .isEqualTo("app@db:5432/app has no history yet (public.gangway_history).\n");
    }

    @Test
    void validationIsATableByCategoryWithProblemsBelow() {
        assertThat(ValidationText.of(Reports.VALIDATION, Style.PLAIN)).isEqualTo("""
                app@db:5432/app

                category  check         result  script             detail
                indexes   index exists  failed  V2__index.sql      it does not
                tables    table exists  passed  V1__documents.sql

                category  checks  passed  failed
                indexes   1       0       1
                tables    1       1       0

                problem:
                  V2__index.sql was changed
                pending: V3__clean_up.sql
                Not valid: 2 checks, 1 failed; 1 problem; 1 pending.
                """);
    }

    @Test
    void aValidSchemaIsGreen() {
        ValidationReport valid = new ValidationReport("app@db:5432/app", List.of(), List.of(), List.of());

        assertThat(ValidationText.of(valid, COLOURED))
                .isEqualTo("app@db:5432/app\n\n\u001b[32mValid: \u001b[0m0 checks, 0 failed; 0 problems; 0 pending.\n");
    }

    @Test
    void aPlanIsSqlWithComments() {
        assertThat(PlanText.of(Reports.PLAN, Style.PLAIN, true)).isEqualTo("""
                -- app@db:5432/app, schema public
                -- 2 migrations would run
                -- warning: V1_1__late.sql is out of order

                -- V2__index.sql, version 2, risk high
                BEGIN;
                -- locks documents: SHARE, blocks writes; about 1000 rows, 1.5 MB; scanned as a whole
                CREATE INDEX i ON documents (a);
                COMMIT;

                -- V3__batch.sql, version 3, in the background
                -- only when: SELECT true
                UPDATE documents SET a = 1 -- all
                ;

                -- deferred: V4__later.sql: it requires 5
                """);
    }

    @Test
    void aPlanLeavesGangwaysOwnCommandsOutUnlessTheyAreAskedFor() {
        assertThat(PlanText.of(Reports.PLAN, Style.PLAIN, false))
                .contains("risk high\n-- locks documents", "(a);\n\n-- V3")
                .doesNotContain("BEGIN", "COMMIT");
    }

    @Test
    void anEmptyPlanSaysThatNothingWouldRun() {
        PlanReport empty = new PlanReport("app@db:5432/app", "public", List.of(), List.of(), List.of());

        assertThat(PlanText.of(empty, Style.PLAIN, false)).isEqualTo("""
                -- app@db:5432/app, schema public
                -- nothing would run
                """);
    }

    @Test
    void repairsAreShownWithTheirDifference() {
        assertThat(RepairText.of(Reports.REPAIR, Style.PLAIN)).isEqualTo("""
                V1__documents.sql: the changed file is accepted
                  -select 1
                  +select 2
                app@db:5432/app: 1 repair would be made; nothing was changed.
                """);
        assertThat(RepairText.of(new RepairReport("app@db:5432/app", false, List.of()), Style.PLAIN))
                .isEqualTo("app@db:5432/app needs no repair.\n");
    }

    @Test
    void whatWasDoneIsALineForEachThing() {
        assertThat(ResultText.of(
                        new MigrateReport(
                                "app@db:5432/app", List.of("V1__a.sql", "V2__b.sql"), List.of("V3__c.sql"), "2", 120),
                        Style.PLAIN))
                .isEqualTo("""
                        applied V1__a.sql
                        applied V2__b.sql
                        deferred V3__c.sql
                        app@db:5432/app: 2 migrations applied, 1 deferred; version 2 (120 ms).
                        """);
        assertThat(ResultText.of(new UndoReport("app@db:5432/app", List.of("V1__a.sql"), null, 7), Style.PLAIN))
                .isEqualTo("""
                        undone V1__a.sql
                        app@db:5432/app: 1 migration undone; no version (7 ms).
                        """);
        assertThat(ResultText.of(new UnlockReport("app@db:5432/app", List.of("process 17")), Style.PLAIN))
                .isEqualTo("""
                        ended process 17
                        app@db:5432/app: 1 session ended.
                        """);
        assertThat(ResultText.of(new ResetReport("app@db:5432/app", "public", List.of("table public.a")), Style.PLAIN))
                .isEqualTo("""
                        dropped table public.a
                        app@db:5432/app, schema public: 1 object dropped.
                        """);
    }

    @Test
    void whatWasNotThereToDoIsOneLine() {
        assertThat(Stream.of(
                        ResultText.of(new MigrateReport("t", List.of(), List.of(), "2", 3), Style.PLAIN),
                        ResultText.of(new UndoReport("t", List.of(), null, 3), Style.PLAIN),
                        ResultText.of(new UnlockReport("t", List.of()), Style.PLAIN)))
                .containsExactly(
                        "t: nothing was pending; version 2 (3 ms).\n",
                        "t: nothing was to be undone; no version (3 ms).\n",
                        "t: no session was migrating.\n");
    }

    @Test
    void sizesHaveTheUnitThatFits() {
        assertThat(Stream.of(0L, 1023L, 1536L, 1024L * 1024, 5L << 40).map(Texts::bytes))
                .containsExactly("0 B", "1023 B", "1.5 kB", "1.0 MB", "5.0 TB");
    }
}
