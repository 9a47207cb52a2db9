package dev.gangway.cli;

import dev.gangway.report.HistoryEntry;
import dev.gangway.report.HistoryReport;
import dev.gangway.report.MigrationInfo;
import dev.gangway.report.MigrationStatus;
import dev.gangway.report.PlanReport;
import dev.gangway.report.RepairReport;
import dev.gangway.report.StatusReport;
import dev.gangway.report.ValidationReport;
import java.time.Instant;
import java.util.List;

/** A report of each kind, with a bit of everything. */
final class Reports {
    private static final String TARGET = "app@db:5432/app";
    private static final Instant FIRST = Instant.parse("2026-11-20T18:30:01.5Z");
    private static final Instant SECOND = Instant.parse("2026-11-20T18:30:02Z");

    static final StatusReport STATUS = new StatusReport(
            TARGET,
            "public",
            "2",
            List.of(
                    new MigrationInfo(
                            "1",
                            "documents",
                            "versioned",
                            "schema",
                            "V1__documents.sql",
                            MigrationStatus.APPLIED,
                            FIRST,
                            null),
                    new MigrationInfo(
                            "2", "index", "versioned", "index", "V2__index.sql", MigrationStatus.CHANGED, SECOND, null),
                    new MigrationInfo(
                            "3",
                            "clean up",
                            "versioned",
                            "data",
                            "V3__clean_up.sql",
                            MigrationStatus.FAILED,
                            null,
                            "V3__clean_up.sql:2:1 does not work\nnext: correct it"),
                    new MigrationInfo(
                            null, "view", "repeatable", "schema", "R__view.sql", MigrationStatus.PENDING, null, null)),
            List.of("V1_1__late.sql is out of order"));

    static final HistoryReport HISTORY = new HistoryReport(
            TARGET,
            "public.gangway_history",
            List.of(
                    new HistoryEntry(
                            1,
                            "1",
                            "documents",
                            "versioned",
                            "schema",
                            "V1__documents.sql",
                            "applied",
                            false,
                            1,
                            0,
                            true,
                            null,
                            "owner",
                            FIRST,
                            12L,
                            "0.1.0"),
                    new HistoryEntry(
                            2,
                            "2",
                            "index",
                            "versioned",
                            "index",
                            "V2__index.sql",
                            "failed",
                            false,
                            0,
                            0,
                            false,
                            "ERROR: no",
                            "owner",
                            SECOND,
                            75_000L,
                            "0.1.0")));

    static final ValidationReport VALIDATION = new ValidationReport(
            TARGET,
            List.of("V3__clean_up.sql"),
            List.of("V2__index.sql was changed"),
            List.of(
                    new ValidationReport.Check("V1__documents.sql", "tables", "table exists", true, null),
                    new ValidationReport.Check("V2__index.sql", "indexes", "index exists", false, "it does not")));

    static final PlanReport PLAN = new PlanReport(
            TARGET,
            "public",
            List.of(
                    new PlanReport.Step(
                            "2",
                            "V2__index.sql",
                            false,
                            "high",
                            null,
                            List.of(
                                    new PlanReport.Command("BEGIN", true, null, List.of()),
                                    new PlanReport.Command(
                                            "CREATE INDEX i ON documents (a);",
                                            false,
                                            1,
                                            List.of(new PlanReport.Lock(
                                                    "documents",
                                                    "SHARE",
                                                    "blocks writes",
                                                    1000,
                                                    1_572_864,
                                                    "scanned as a whole"))),
                                    new PlanReport.Command("COMMIT", true, null, List.of()))),
                    new PlanReport.Step(
                            "3",
                            "V3__batch.sql",
                            true,
                            null,
                            "SELECT true",
                            List.of(new PlanReport.Command("UPDATE documents SET a = 1 -- all", false, 2, List.of())))),
            List.of(new PlanReport.Deferred("4", "V4__later.sql", "it requires 5")),
            List.of("V1_1__late.sql is out of order"));

    static final RepairReport REPAIR = new RepairReport(
            TARGET,
            true,
            List.of(new RepairReport.Repair(
                    RepairReport.Kind.ACCEPTED_CHANGE,
                    "V1__documents.sql",
                    "the changed file is accepted",
                    "-select 1\n+select 2")));

    private Reports() {}
}
