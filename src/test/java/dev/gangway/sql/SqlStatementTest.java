package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create database d",
                "drop database if exists d",
                "create tablespace t location '/x'",
                "drop tablespace t",
                "create subscription s connection 'host=x' publication p",
                "create subscription s connection 'x' publication p with (create_slot, enabled = false)",
                "drop subscription s",
                "alter subscription s refresh publication",
                "alter subscription s set publication a, b",
                "alter system set work_mem = '1GB'",
                "alter database d set tablespace t",
                "create index concurrently on t (a)",
                "create unique index concurrently if not exists i on t (a)",
                "Create /* c */ Index -- d\n Concurrently i on t (a)",
                "drop index concurrently i",
                "reindex schema s",
                "reindex (verbose) database d",
                "reindex (verbose, tablespace x) system d",
                "reindex index concurrently i",
                "reindex (concurrently) table t",
                "reindex (verbose, concurrently true) table t",
                "vacuum",
                "vacuum (analyze) t",
                "cluster",
                "cluster verbose",
                "cluster (verbose)",
                "discard all",
                "alter table t detach partition p concurrently",
                "alter table if exists only \"a\".b.c * detach partition d.e.f concurrently",
            })
    void cannotRunInATransaction(String sql) throws SqlSyntaxException {
        assertThat(statement(sql).nonTransactionalReason())
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("cannot run inside a transaction block"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refresh materialized view concurrently v",
                "alter type e add value 'x'",
                "analyze t",
                "create index i on t (a)",
                "create index \"concurrently\" on t (a)",
                "create table \"vacuum\" (vacuum int)",
                "select vacuum from \"vacuum\"",
                "select 1 -- vacuum\n /* create database */",
                "comment on table t is 'create index concurrently'",
                "\"vacuum\"",
                "cluster t using i",
                "cluster (verbose) t",
                "reindex table t",
                "reindex (concurrently false) table t",
                "reindex (concurrently = off) index i",
                "reindex (verbose) index i",
                "discard temp",
                "alter table t detach partition p",
                "alter table t detach partition p finalize",
                "alter table t add column concurrently int",
                "alter database d set work_mem = '1MB'",
                "create subscription s connection 'x' publication a, b, c, d, e, f, g with (enabled = off, create_slot = false)",
                "create subscription s connection 'x' publication p with (connect = false)",
                "alter subscription s set publication p with (refresh = false)",
                "alter subscription s disable",
                "do $$ begin perform 'vacuum'; end $$",
            })
    void runsInATransaction(String sql) throws SqlSyntaxException {
        assertThat(statement(sql).nonTransactionalReason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "begin",
                "BEGIN ISOLATION LEVEL SERIALIZABLE",
                "start transaction",
                "commit",
                "commit and chain",
                "commit prepared 'x'",
                "end",
                "rollback",
                "rollback work",
                "rollback prepared 'x'",
                "abort",
                "prepare transaction 'x'"
            })
    void controlsTheTransaction(String sql) throws SqlSyntaxException {
        assertThat(statement(sql).controlsTransaction()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "savepoint a",
                "release savepoint a",
                "rollback to a",
                "rollback to savepoint a",
                "rollback work to savepoint a",
                "rollback transaction to a",
                "prepare p as select 1",
                "prepare transaction as select 1",
                "prepare transaction (int) as select $1",
                "set transaction read only",
                "select 1 as commit",
                "start",
                "\"begin\""
            })
    void leavesTheTransactionAlone(String sql) throws SqlSyntaxException {
        assertThat(statement(sql).controlsTransaction()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                "create index concurrently on t (a) => Create[name=null, schema=null, table=t]",
                "create unique index concurrently if not exists \"My\"\"Ix\" on only \"S\".T using hnsw (a) => Create[name=My\"Ix, schema=S, table=t]",
                "create index concurrently \"ON\" on db.s.\"T\" (a) => Create[name=ON, schema=s, table=T]",
                "create index concurrently ÄB on t (a) => Create[name=Äb, schema=null, table=t]",
                "drop index concurrently if exists S.I cascade => Drop[schema=s, name=i]",
                "drop index concurrently i => Drop[schema=null, name=i]",
                "reindex index concurrently s.i => Reindex[target=INDEX, schema=s, name=i]",
                "reindex (verbose, concurrently) table t => Reindex[target=TABLE, schema=null, name=t]",
                "reindex schema concurrently s => Reindex[target=SCHEMA, schema=null, name=s]",
                "reindex (concurrently) database => Reindex[target=DATABASE, schema=null, name=null]",
                "create index i on t (a) => ",
                "drop index i => ",
                "reindex table t => ",
                "create index concurrently U&\"x\" on t (a) => ",
            })
    void readsConcurrentIndexStatements(String sql, @Nullable String expected) throws SqlSyntaxException {
        assertThat(statement(sql).concurrentIndex().map(Object::toString).orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void cutsNamesAtSixtyThreeBytesAsPostgresDoes() throws SqlSyntaxException {
        assertThat(statement("drop index concurrently " + "a".repeat(62) + "é").concurrentIndex())
                .contains(new ConcurrentIndex.Drop(null, "a".repeat(62)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                "create extension vector => Create[name=vector, ifNotExists=false, schema=null, version=null, cascade=false]",
                "create extension if not exists Vector with schema \"Ext\" version '0.8.0' cascade => Create[name=vector, ifNotExists=true, schema=Ext, version=0.8.0, cascade=true]",
                "create extension \"uuid-ossp\" cascade schema s => Create[name=uuid-ossp, ifNotExists=false, schema=s, version=null, cascade=true]",
                "alter extension vector update => Update[name=vector, version=null]",
                "alter extension vector update to '0.8.1' => Update[name=vector, version=0.8.1]",
                "alter extension vector set schema s => ",
                "drop extension vector => ",
                "select 'create extension' => ",
            })
    void readsExtensionStatements(String sql, @Nullable String expected) throws SqlSyntaxException {
        assertThat(statement(sql).extensionUse().map(Object::toString).orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void summarizesInOneShortLine() throws SqlSyntaxException {
        assertThat(statement("select 1,\n   2").summary()).isEqualTo("select 1, 2");
        assertThat(statement("select '" + "é".repeat(500) + "'").summary())
                .hasSize(80)
                .endsWith("…");
    }

    private static SqlStatement statement(String sql) throws SqlSyntaxException {
        return SqlScript.parse(SourceText.of("V1__x.sql", sql)).statements().get(0);
    }
}
