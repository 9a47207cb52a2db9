package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.SearchListener;
import dev.gangway.testkit.Providers;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;

/** How many rows a search is said to have asked for, where a parameter tells. */
class MeasuredLimitTest {
    private static final String SEARCH = "select id from item order by embedding <=> ?::vector limit ?";

    private static int heard;

    @TempDir
    Path folder;

    public static final class Listener implements SearchListener {
        @Override
        public void searched(Search search) {
            heard = search.k();
        }
    }

    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    static Stream<Arguments> limits() {
        int unknown = SearchListener.Search.UNKNOWN;
        return Stream.of(
                limit("setInt", 7, s -> s.setInt(2, 7)),
                limit("setLong", 7, s -> s.setLong(2, 7)),
                limit("setObject", 7, s -> s.setObject(2, 7L)),
                limit("setObject of a type", 7, s -> s.setObject(2, 7, Types.INTEGER)),
                limit("setObject of a type and scale", 7, s -> s.setObject(2, BigDecimal.valueOf(7), Types.NUMERIC, 0)),
                limit("another parameter", 5, s -> s.setString(1, "[1,2,3]")),
                limit("too many", unknown, s -> s.setLong(2, Long.MAX_VALUE)),
                limit("null", unknown, s -> s.setNull(2, Types.INTEGER)),
                limit("setObject null", unknown, s -> s.setObject(2, null)),
                limit("text", unknown, s -> s.setObject(2, "7", Types.INTEGER)),
                limit("setString", unknown, s -> s.setString(2, "7")),
                limit("setShort", unknown, s -> s.setShort(2, (short) 7)),
                limit("setBigDecimal", unknown, s -> s.setBigDecimal(2, BigDecimal.valueOf(7))),
                limit("setObject of an SQLType", unknown, s -> s.setObject(2, 7, JDBCType.INTEGER)),
                limit("clearParameters", unknown, PreparedStatement::clearParameters));
    }

    private static Arguments limit(String name, int k, Binder binder) {
        return Arguments.of(name, k, binder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void itIsWhatWasBoundLast(String name, int k, Binder binder) throws Exception {
        try (Providers providers = Providers.in(folder, SearchListener.class, Listener.class);
                Searches searches = ForwardingTest.searches("measure", providers.loader())) {
            PreparedStatement statement = Forwarding.statement(
                    new Recorder().as(PreparedStatement.class, BaseStatement.class),
                    Forwarding.connection(new Recorder().as(BaseConnection.class), searches, Set.of()),
                    searches.of(SEARCH),
                    searches);
            statement.setInt(2, 5);

            binder.bind(statement);
            statement.executeQuery();

            assertThat(heard).as(name).isEqualTo(k);
        }
    }
}
