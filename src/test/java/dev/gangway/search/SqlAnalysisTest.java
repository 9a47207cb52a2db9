package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlAnalysisTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id from item order by embedding <=> ?::vector limit 10",
                "select id from item order by embedding<=>?::vector limit 10",
                "select id from item order by embedding <=> ?::vector(3) limit 10",
                "select id from item order by ?::vector <=> embedding limit 10",
                "select id from item order by embedding <=> CAST(? AS vector(3)) limit 10",
                "select id from item order by embedding <=> cast ( ? as ext.vector ) limit 10",
                "select id from item order by embedding <=> (?::vector) limit 10",
                "select id from item order by embedding <=> (?)::vector limit 10",
                "select id from item order by embedding <=> ?::ext.vector limit 10",
                "select id from item order by embedding <=> ?::\"vector\" limit 10",
                "select id from item order by embedding OPERATOR(ext.<=>) ?::vector limit 10",
                "select id from item /* ? */ order by embedding <=> /* a */ ?::VECTOR -- ?\n limit 10",
                "select id from item where note <> '?' order by embedding <=> ?::vector limit 10",
            })
    void aParameterBesideAnOperatorThatIsCastToAVectorTakesOne(String sql) {
        PreparedSql found = SqlAnalysis.of(sql);

        assertThat(found.parameters()).containsExactly(PreparedSql.Takes.VECTOR);
        assertThat(found.search()).isNotNull();
        assertThat(found.search().operator()).isEqualTo("<=>");
        assertThat(found.search().table()).isEqualTo("item");
        assertThat(found.search().limit()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1 from t order by e <-> ?::halfvec(3)                        | <-> | HALFVEC",
                "select 1 from t order by e <#> ?::sparsevec                         | <#> | SPARSEVEC",
                "select 1 from t order by e <+> ?                                    | <+> | SERVER_KNOWS",
                "select 1 from t order by e <~> ?::bit(8)                            | <~> | ''",
                "select 1 from t order by e <%> cast(? as bit(8))                    | <%> | ''",
                "select 1 - (e <=> ?) from t where a = ? and b ?? 'c'                | <=> | SERVER_KNOWS",
                "select 1 from t where a = ? order by e <=> ?::vector limit ?        | <=> | ANYTHING,VECTOR",
                "with q as (select ?::vector as v) select 1 from t, q order by e <=> q.v | <=> | VECTOR",
                "update t set near = 1 where e <=> ?::vector < ?                     | <=> | VECTOR",
                "select 1 from t where d @> ? and e <=> ?::vector < ?                | <=> | ANYTHING,VECTOR",
            })
    void aSearchHasAnOperatorBesideAParameter(String sql, String operator, String takes) {
        PreparedSql found = SqlAnalysis.of(sql);

        assertThat(found.search()).isNotNull();
        assertThat(found.search().operator()).isEqualTo(operator);
        assertThat(found.parameters()).extracting(Enum::name).containsExactlyElementsOf(names(takes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insert into t (id, e) values (?, ?::vector)                      | ANYTHING,VECTOR",
                "update t set e = ?::halfvec where id = ?                         | HALFVEC",
                "insert into t values (?, ?::vector), (?, ?::vector)              | ANYTHING,VECTOR,ANYTHING,VECTOR",
                "select * from match_documents(?::vector, ?)                      | VECTOR",
                "select * from match_documents(cast(? as sparsevec), ?)           | SPARSEVEC",
            })
    void aVectorElsewhereIsNoSearch(String sql, String takes) {
        PreparedSql found = SqlAnalysis.of(sql);

        assertThat(found.search()).isNull();
        assertThat(found.parameters()).extracting(Enum::name).containsExactlyElementsOf(names(takes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select * from vectors where id = ?",
                "select a <=> b from t where c = ?",
                "select '<=> ?::vector' from t where c = ?",
                "select \"e <=> ?::vector\" from t where c = ?",
                "select $$e <=> ?::vector$$ from t where c = ?",
                "select 1 from t -- e <=> ?::vector\n where c = ?",
                "select e <=> '[1,2,3]' from t where c = ?",
                "select e <=> (select ? from t)",
                "select 1 from place order by location <-> ?::point",
                "select 1 from place order by location <-> point(?, ?)",
                "select 1 from t where a = any(?::vector[])",
                "select 1 from t where a = any(cast(? as vector array))",
                "select ?::text::vector",
                "select e <=>? from t where 'never ends",
                "select l2_distance(e, ?) from t",
            })
    void whatConcernsNobodyIsLeftAlone(String sql) {
        assertThat(SqlAnalysis.of(sql)).isEqualTo(PreparedSql.NOTHING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select id from item order by e <=> ?                                         | item",
                "select id from Public.\"Item\" as x order by e <=> ?                         | Public.\"Item\"",
                "select c.id from doc d join chunk c on c.doc = d.id order by c.e <=> ?       | chunk",
                "select c.id from doc d, chunk c where c.doc = d.id order by d.e <=> ?        | doc",
                "select c.id from doc join chunk on chunk.doc = doc.id order by chunk.e::halfvec(3) <=> ?::halfvec(3) | chunk",
                "select 1 - (c.e <=> ?) from only doc d left join chunk as c using (id)       | chunk",
                "select * from (select id, e <=> ? as d from item order by d limit 5) x       | item",
                "select x.e <=> ? from (select * from item i) as x                            | item",
                "select x.e <=> ? from (select * from (select * from item) a) as x            | item",
                "with near as materialized (select id from item order by e <=> ? limit 5) select * from near | item",
                "with q as (select ?::vector v) select d.id from doc d, q order by d.e <=> q.v | doc",
                "select extract(epoch from now()), e <=> ? from item                          | item",
                "select a is distinct from b, e <=> ? from item                               | item",
                "update item set seen = true where e <=> ? < 0.1                              | item",
                "delete from item where e <=> ? < 0.1                                         | item",
                "select e <=> ? from item for update                                          | item",
                "select ? <=> i.e from other o, item i                                        | item",
                "select e <=> ? from nearest(3) as n                                          | nearest",
                "select '[1]'::vector <=> ?                                                   |",
            })
    void theTableIsTheOneThatTheColumnComesFrom(String sql, @Nullable String table) {
        PreparedSql found = SqlAnalysis.of(sql);

        assertThat(found.search()).isNotNull();
        assertThat(found.search().table()).isEqualTo(table);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1 from t order by e <=> ? limit 10                                             | 10 | 0",
                "select 1 from t order by e <=> ? limit ?                                              | -1 | 2",
                "select 1 from t where a = ? order by e <=> ? limit ?::int                             | -1 | 3",
                "select 1 from t order by e <=> ? fetch first 7 rows only                              |  7 | 0",
                "select 1 from t order by e <=> ? fetch next ? rows only                               | -1 | 2",
                "select * from (select 1 from t order by e <=> ? limit 40) x order by 1 limit 10       | 40 | 0",
                "select * from (select e <=> ? as d from t) x order by d limit 10                      | 10 | 0",
                "select 1 from t where id in (select id from u limit 3) order by e <=> ?               | -1 | 0",
                "select 1 from t order by e <=> ? limit 1e3                                            | -1 | 0",
            })
    void theLimitIsThatOfTheQueryWithTheOperator(String sql, int limit, int parameter) {
        PreparedSql found = SqlAnalysis.of(sql);

        assertThat(found.search()).isNotNull();
        assertThat(found.search().limit()).isEqualTo(limit);
        assertThat(found.search().limitParameter()).isEqualTo(parameter);
    }

    @Test
    void textsThatDifferInConstantsOnlyHaveOneFingerprint() {
        String one = fingerprint("SELECT id FROM item WHERE a = 1 AND b IN (1, 2) ORDER BY e <=> ?::vector LIMIT 10");

        assertThat(fingerprint("select id from item -- c\n where a='x' and b in (?) order by e<=>?::vector limit ?"))
                .isEqualTo(one);
        assertThat(fingerprint("select id from other where a = 1 and b in (1) order by e <=> ?::vector limit 10"))
                .isNotEqualTo(one);
        assertThat(fingerprint("select id from item where a = 1 and b in (1) order by e <-> ?::vector limit 10"))
                .isNotEqualTo(one);
        assertThat(one).matches("[0-9a-f]{16}");
    }

    private static String fingerprint(String sql) {
        SearchQuery search = SqlAnalysis.of(sql).search();
        assertThat(search).isNotNull();
        return search.fingerprint();
    }

    private static List<String> names(@Nullable String list) {
        return list == null || list.isEmpty() ? List.of() : Arrays.asList(list.split(","));
    }

    @Test
    void ofALongTextTheBeginningIsKept() {
        String comment = "😀".repeat(200_000);
        PreparedSql found = SqlAnalysis.of("select * from item order by e <=> ?::vector limit 5 -- " + comment);
        assertThat(found.search().sql()).hasSizeBetween(19_999, 20_001).endsWith("😀…");
        assertThat(found.search().isCut()).isTrue();
        assertThat(found.search().limit()).isEqualTo(5);
    }
}
