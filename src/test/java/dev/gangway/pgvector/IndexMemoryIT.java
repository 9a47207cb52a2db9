package dev.gangway.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server computes what Java computes. */
class IndexMemoryIT {

    @ParameterizedTest
    @CsvSource({"1, 10, 2", "384, 100, 16", "1535, 300, 8", "2000, 32768, 100", "64000, 3163, 48"})
    void theFormulasAndTheirSqlAgree(long dimensions, long lists, long m) throws SQLException {
        long rows = dimensions * 1001;

        assertThat(ask(IndexMemory.vectorSql(int8(dimensions)))).isEqualTo(IndexMemory.vector(dimensions));
        assertThat(ask(IndexMemory.halfvecSql(int8(dimensions)))).isEqualTo(IndexMemory.halfvec(dimensions));
        assertThat(ask(IndexMemory.bitSql(int8(dimensions)))).isEqualTo(IndexMemory.bit(dimensions));
        for (long value :
                new long[] {IndexMemory.vector(dimensions), IndexMemory.halfvec(dimensions), IndexMemory.bit(dimensions)
                }) {
            assertThat(ask(IndexMemory.hnswSql(int8(rows), int8(value), int8(m))))
                    .isEqualTo(IndexMemory.hnsw(rows, value, m));
            assertThat(ask(IndexMemory.ivfflatSql(int8(lists), int8(dimensions), int8(value))))
                    .isEqualTo(IndexMemory.ivfflat(lists, dimensions, value));
        }
    }

    private static long ask(String expression) throws SQLException {
        return Long.parseLong(String.valueOf(TestServer.address().ask("postgres", "select " + expression)));
    }

    private static String int8(long number) {
        return number + "::pg_catalog.int8";
    }
}
