package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.sql.VectorIndexBuild.Create;
import dev.gangway.sql.VectorIndexBuild.IndexKey;
import dev.gangway.sql.VectorIndexBuild.Method;
import dev.gangway.sql.VectorIndexBuild.Rebuild;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorIndexBuildTest {

    @Test
    void anIndexOverAColumn() throws SqlSyntaxException {
        assertThat(build("create index on item using hnsw (embedding vector_l2_ops)"))
                .contains(new Create(Method.HNSW, null, "item", false, new IndexKey.Column("embedding"), null, null));
    }

    @Test
    void everythingThatCanBeWritten() throws SqlSyntaxException {
        assertThat(build("""
                create unique index concurrently if not exists "I" on only db.App."Item" using "ivfflat"
                  ("Embedding" public.vector_l2_ops asc nulls last) include (a, with_) nulls not distinct
                  with (fillfactor = 70, Lists = 300, m=24) tablespace t where (with_ > 1)
                """))
                .contains(new Create(Method.IVFFLAT, "app", "Item", true, new IndexKey.Column("Embedding"), 24, 300));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(embedding::halfvec(768)) halfvec_l2_ops      | halfvec | 768",
                "((embedding::vector(3))) vector_l2_ops        | vector  | 3",
                "(cast(embedding as Public.HalfVec(12))) x_ops | halfvec | 12",
                "(binary_quantize(embedding)::bit(64)) bit_hamming_ops | bit | 64",
                "(subvector(a::vector(1536), 1, 256)::vector(256)) o  | vector | 256",
                "(a::vector(3)::\"halfvec\"(4)) o              | halfvec | 4",
            })
    void anExpressionWhoseLastCastSaysItAll(String key, String type, int dimensions) throws SqlSyntaxException {
        assertThat(build("create index on item using hnsw (" + key + ")"))
                .contains(
                        new Create(Method.HNSW, null, "item", false, new IndexKey.Cast(type, dimensions), null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f(embedding) o",
                "s.f(embedding) o",
                "(f(embedding::vector(3))) o",
                "(embedding::vector) o",
                "(embedding::sparsevec(3)) o",
                "(embedding::vector(3) + x) o",
                "(embedding::vector(${dim})) o",
                "(embedding::vector(99999999999)) o",
                "(cast(embedding as vector)) o",
            })
    void anyOtherExpression(String key) throws SqlSyntaxException {
        assertThat(build("create index on item using hnsw (" + key + ")"))
                .contains(new Create(Method.HNSW, null, "item", false, new IndexKey.Other(), null, null));
    }

    @Test
    void aColumnInParenthesesIsAColumn() throws SqlSyntaxException {
        assertThat(build("create index on item using hnsw ((embedding) vector_l2_ops) with (m='8')"))
                .contains(new Create(Method.HNSW, null, "item", false, new IndexKey.Column("embedding"), 8, null));
    }

    @ParameterizedTest
    @CsvSource({
        "reindex index i, INDEX,, i",
        "reindex (verbose) table concurrently s.t, TABLE, s, t",
        "reindex (concurrently) index s.\"I\", INDEX, s, I",
        "reindex schema s, SCHEMA,, s",
        "reindex database d, DATABASE,, d",
        "reindex database, DATABASE,,",
    })
    void anyRebuildMayBeOne(String sql, ConcurrentIndex.Target target, String schema, String name)
            throws SqlSyntaxException {
        assertThat(build(sql)).contains(new Rebuild(target, schema, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index on item (id)",
                "create index on item using gin (a)",
                "create index on item using hnsw",
                "create index hnsw on item(hnsw)",
                "create table item (embedding vector(3))",
                "reindex system d",
                "reindex table",
                "reindex",
                "create",
                "create index",
                "create index on",
                "create index on item using hnsw ()",
                "drop index i",
                "select 'create index on item using hnsw (embedding)'",
            })
    void anythingElseIsNone(String sql) throws SqlSyntaxException {
        assertThat(build(sql).filter(build -> !isNonsense(build))).isEmpty();
    }

    /** What the server will refuse may be read as anything, as long as it is read. */
    private static boolean isNonsense(VectorIndexBuild build) {
        return build instanceof Create create && create.key() instanceof IndexKey.Other;
    }

    private static Optional<VectorIndexBuild> build(String sql) throws SqlSyntaxException {
        return SqlScript.parse(SourceText.of("V1.sql", sql)).statements().get(0).vectorIndexBuild();
    }
}
