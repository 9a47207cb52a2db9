package dev.gangway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException;
import dev.gangway.config.Settings.OnNewerSchema;
import dev.gangway.config.Settings.OutOfOrder;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.State;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.DataFiles;
import dev.gangway.migration.Directives;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.plan.Plan.Need;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Rules DEFAULTS = Rules.upTo(null, OutOfOrder.ALLOW, OnNewerSchema.ALLOW);

    private final List<HistoryRow> history = new ArrayList<>();

    @Test
    void everythingIsPendingOnAnEmptyDatabase() throws Exception {
        assertThat(pending(DEFAULTS, file("1"), file("2"), repeatable("views", "a")))
                .containsExactly("V1.sql", "V2.sql", "R__views.sql");
    }

    @Test
    void nothingIsPendingWhenAllIsApplied() throws Exception {
        applied("1", "sum");
        applied("2.0", "sum");

        assertThat(Planner.plan(List.of(file("1"), file("2")), history, DEFAULTS)
                        .isCurrent())
                .isTrue();
    }

    @Test
    void aChangedFileIsAMismatchThatNamesItAndTheDay() {
        applied("1", "another sum");

        assertThatThrownBy(() -> Planner.plan(List.of(file("1")), history, DEFAULTS))
                .isInstanceOf(GangwayException.Permanent.class)
                .hasMessageContaining("GW002")
                .hasMessageContaining("V1.sql")
                .hasMessageContaining("2026-01-01")
                .hasMessageContaining("next:");
    }

    @Test
    void allMismatchesAreToldAtOnce() {
        applied("1", "another sum");
        applied("2", "another sum");

        assertThatThrownBy(() -> Planner.plan(List.of(file("1"), file("2")), history, DEFAULTS))
                .hasMessageContaining("V1.sql")
                .hasMessageContaining("V2.sql");
    }

    @Test
    void aLateVersionIsAppliedWithAWarning() throws Exception {
        applied("1", "sum");
        applied("3", "sum");

        Plan plan = Planner.plan(List.of(file("1"), file("2"), file("3")), history, DEFAULTS);

        assertThat(plan.steps()).extracting(step -> step.migration().script()).containsExactly("V2.sql");
        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .contains("V2.sql")
                .contains("below version 3");
    }

    @Test
    void aLateVersionIsRefusedWhenTheRulesSaySo() {
        applied("3", "sum");
        Rules strict = Rules.upTo(null, OutOfOrder.FAIL, OnNewerSchema.ALLOW);

        assertThatThrownBy(() -> Planner.plan(List.of(file("2"), file("3")), history, strict))
                .hasMessageContaining("GW002")
                .hasMessageContaining("V2.sql");
    }

    @Test
    void aLateVersionIsLeftOutWhenTheRulesSaySo() throws Exception {
        applied("3", "sum");
        Rules lenient = Rules.upTo(null, OutOfOrder.IGNORE, OnNewerSchema.ALLOW);

        assertThat(pending(lenient, file("2"), file("3"))).isEmpty();
    }

    @Test
    void anUnfinishedVersionIsNoLateOne() throws Exception {
        row(1, "1", State.FAILED, "sum", false);
        applied("2", "sum");
        Rules strict = Rules.upTo(null, OutOfOrder.FAIL, OnNewerSchema.ALLOW);

        Plan plan = Planner.plan(List.of(file("1"), file("2")), history, strict);

        assertThat(plan.steps()).singleElement().satisfies(step -> assertThat(step.earlier())
                .isEqualTo(history.get(0)));
    }

    @Test
    void versionsAboveTheTargetAreLeftAlone() throws Exception {
        Rules target = Rules.upTo(Version.parse("2"), OutOfOrder.ALLOW, OnNewerSchema.ALLOW);

        assertThat(pending(target, file("1"), file("2"), file("3"))).containsExactly("V1.sql", "V2.sql");
    }

    @Test
    void whatABaselineCoversIsNotPending() throws Exception {
        row(1, "2", State.BASELINE, null, false);

        assertThat(pending(DEFAULTS, file("1"), file("2"), file("3"))).containsExactly("V3.sql");
    }

    @Test
    void anUndoneVersionIsPendingAgain() throws Exception {
        row(1, "1", State.UNDONE, "sum", false);

        assertThat(pending(DEFAULTS, file("1"))).containsExactly("V1.sql");
    }

    @Test
    void anOlderApplicationStartsOnANewerSchema() throws Exception {
        applied("1", "sum");
        applied("2", "sum");

        Plan plan = Planner.plan(List.of(file("1")), history, DEFAULTS);

        assertThat(plan.isCurrent()).isTrue();
        assertThat(plan.warnings()).singleElement().asString().contains("V2.sql");
    }

    @Test
    void anOlderApplicationDoesNotStartOnABreakingSchema() {
        row(1, "2", State.APPLIED, "sum", true);

        assertThatThrownBy(() -> Planner.plan(List.of(file("1")), history, DEFAULTS))
                .hasMessageContaining("GW005")
                .hasMessageContaining("V2.sql");
    }

    @Test
    void anOlderApplicationDoesNotStartOnANewerSchemaWhenTheRulesSaySo() {
        applied("2", "sum");
        Rules strict = Rules.upTo(null, OutOfOrder.ALLOW, OnNewerSchema.FAIL);

        assertThatThrownBy(() -> Planner.plan(List.of(file("1")), history, strict))
                .hasMessageContaining("GW005");
    }

    @Test
    void aRepeatableMigrationRunsAgainWhenItHasChanged() throws Exception {
        history.add(new HistoryRow(
                1,
                null,
                "views",
                Kind.REPEATABLE,
                "schema",
                "R__views.sql",
                "a",
                State.APPLIED,
                false,
                1,
                0,
                List.of(),
                null,
                ""));

        assertThat(pending(DEFAULTS, repeatable("views", "a"))).isEmpty();
        assertThat(pending(DEFAULTS, repeatable("views", "b"))).containsExactly("R__views.sql");
    }

    @Test
    void whatAMigrationRequiresComesBeforeIt() throws Exception {
        assertThat(pending(DEFAULTS, file("1", "3"), file("2"), file("3")))
                .containsExactly("V3.sql", "V1.sql", "V2.sql");
    }

    @Test
    void whatIsAppliedOrCoveredByTheBaselineMayBeRequired() throws Exception {
        row(1, "2", State.BASELINE, null, false);
        applied("3", "sum");

        assertThat(pending(DEFAULTS, file("3"), file("4", "1", "3"))).containsExactly("V4.sql");
    }

    @Test
    void aRequirementThatNothingFulfilsStopsEverything() {
        assertThatThrownBy(() -> Planner.plan(List.of(file("1"), file("2", "1.5")), history, DEFAULTS))
                .hasMessageContaining("GW002")
                .hasMessageContaining("V2.sql requires version 1.5")
                .hasMessageContaining("filesystem:/m/V2.sql");
    }

    @Test
    void migrationsThatRequireEachOtherAreToldAsACircle() {
        assertThatThrownBy(
                        () -> Planner.plan(List.of(file("1", "3"), file("2", "1"), file("3", "2")), history, DEFAULTS))
                .hasMessageContaining("V1.sql -> V3.sql -> V2.sql -> V1.sql");
    }

    @Test
    void countTakesTheFirstPendingOnes() throws Exception {
        assertThat(pending(DEFAULTS.withCount(2), file("1"), file("2"), file("3")))
                .containsExactly("V1.sql", "V2.sql");
    }

    @Test
    void onlyTheChosenVersionsArePicked() throws Exception {
        applied("1", "sum");
        Rules chosen = DEFAULTS.withOnly(Set.of(Version.parse("3")));

        assertThat(pending(chosen, file("1"), file("2"), file("3"), repeatable("views", "a")))
                .containsExactly("V3.sql");
    }

    @Test
    void aChosenVersionMustBePending() {
        applied("1", "sum");

        assertThatThrownBy(() -> pending(DEFAULTS.withOnly(Set.of(Version.parse("1"))), file("1")))
                .hasMessageContaining("GW004 Version 1 cannot be applied on its own: it is applied already");
        assertThatThrownBy(() -> pending(DEFAULTS.withOnly(Set.of(Version.parse("9"))), file("1")))
                .hasMessageContaining("GW004 Version 9 cannot be applied on its own: no migration file has it");
    }

    @Test
    void aDeferredMigrationIsAskedAgainAndHoldsBackWhatRequiresIt() throws Exception {
        row(1, "1", State.DEFERRED, "sum", false);
        Plan plan =
                Planner.plan(List.of(directed("1", "when=true"), file("2", "1"), file("3", "2")), history, DEFAULTS);

        assertThat(plan.steps()).extracting(Plan.Step::need).containsExactly(Need.ASK, Need.HELD, Need.HELD);
        assertThat(plan.isCurrent()).isTrue();
    }

    @Test
    void aConditionThatWasTakenAwayIsNotAskedAgain() throws Exception {
        row(1, "1", State.DEFERRED, "sum", false);

        assertThat(Planner.plan(List.of(file("1")), history, DEFAULTS).isCurrent())
                .isFalse();
    }

    @Test
    void whatRunsInTheBackgroundHoldsNobodyUpUnlessItIsRequired() throws Exception {
        Migration index = directed("1", "run=background");

        Plan free = Planner.plan(List.of(index, file("2")), history, DEFAULTS);
        assertThat(free.steps()).extracting(step -> step.migration().script()).containsExactly("V2.sql");
        assertThat(free.background())
                .extracting(step -> step.migration().script())
                .containsExactly("V1.sql");

        Plan required = Planner.plan(List.of(index, file("2", "1")), history, DEFAULTS);
        assertThat(required.background()).isEmpty();
        assertThat(required.warnings()).singleElement().asString().contains("V1.sql says run=background");
    }

    private static Migration directed(String version, String directive) {
        return migration(
                Kind.VERSIONED,
                Version.parse(version),
                "",
                "V" + version + ".sql",
                "sum",
                "-- gangway: " + directive + "\n");
    }

    private List<String> pending(Rules rules, Migration... files) throws Exception {
        return Planner.plan(List.of(files), history, rules).steps().stream()
                .map(step -> step.migration().script())
                .toList();
    }

    private void applied(String version, String checksum) {
        row(history.size() + 1, version, State.APPLIED, checksum, false);
    }

    private void row(long rank, String version, State state, @Nullable String checksum, boolean breaking) {
        history.add(new HistoryRow(
                rank,
                Version.parse(version),
                "",
                Kind.VERSIONED,
                "schema",
                "V" + version + ".sql",
                checksum,
                state,
                breaking,
                1,
                0,
                List.of(),
                null,
                "2026-01-01 00:00:00+00"));
    }

    private static Migration file(String version, String... requires) {
        String directive = requires.length == 0 ? "" : "-- gangway: requires=" + String.join(",", requires) + "\n";
        return migration(Kind.VERSIONED, Version.parse(version), "", "V" + version + ".sql", "sum", directive);
    }

    private static Migration repeatable(String description, String checksum) {
        return migration(Kind.REPEATABLE, null, description, "R__" + description + ".sql", checksum, "");
    }

    private static Migration migration(
            Kind kind,
            @Nullable Version version,
            String description,
            String script,
            String checksum,
            String directive) {
        SourceText source = SourceText.of("filesystem:/m/" + script, directive + "select 1");
        return new Migration(
                kind,
                version,
                description,
                script,
                source,
                directives(source),
                new Checksum(checksum),
                null,
                null,
                DataFiles.NONE,
                null);
    }

    private static Directives directives(SourceText source) {
        try {
            return Directives.parse(source);
        } catch (SqlSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
