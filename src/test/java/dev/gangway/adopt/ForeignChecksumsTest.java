package dev.gangway.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.adopt.LiquibaseChangelog.Changeset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checksums as other tools compute them; the expected ones were recorded by those tools. */
class ForeignChecksumsTest {
    private static final String CREATE = "create table t1(id bigint primary key);";

    @Test
    void flywaysSumIsOverTheLinesWithoutTheirEnds() {
        assertThat(FlywayChecksum.of(CREATE)).isEqualTo(-1457104814);
        assertThat(FlywayChecksum.of(CREATE + "\n")).isEqualTo(-1457104814);
        assertThat(FlywayChecksum.of("create table t1(\r\nid bigint \rprimary key);\n"))
                .isEqualTo(-1457104814);
    }

    @Test
    void liquibasesSumIsOverTheSqlWithoutBlanks() {
        assertThat(LiquibaseChangelog.parse("--liquibase formatted sql\n--changeset ann:1\n" + CREATE))
                .containsExactly(new Changeset("ann", "1", "9:e6fe0d5029cf727bba3124361d5c4366", List.of(), false));
    }

    @Test
    void whatIsAboutAChangesetIsNoPartOfIt() {
        assertThat(LiquibaseChangelog.parse("""
                --liquibase formatted sql
                --changeset "ann lee":"1 a" runOnChange:true context:x
                --comment: why
                --validCheckSum: 9:old
                --preconditions onFail:HALT
                --precondition-table-exists table:x
                create table t1(
                --rollback drop table t1;
                /* liquibase rollback
                 drop table t1; */
                id bigint primary key);
                --changeset bob:2 ignore:true
                select 1;
                """))
                .containsExactly(
                        new Changeset("ann lee", "1 a", "9:e6fe0d5029cf727bba3124361d5c4366", List.of("9:old"), true));
    }

    @Test
    void whatLiquibaseRewritesHasNoSum() {
        assertThat(LiquibaseChangelog.parse("--changeset ann:1\ncreate table ${name}()"))
                .containsExactly(new Changeset("ann", "1", null, List.of(), false));
        assertThat(LiquibaseChangelog.parse("--changeset ann:1\n--ignoreLines:1\nx\nselect 1"))
                .containsExactly(new Changeset("ann", "1", null, List.of(), false));
    }

    @Test
    void aFileOfPlainSqlHasNoChangesets() {
        assertThat(LiquibaseChangelog.parse("select 1; -- changeset of values")).isEmpty();
    }
}
