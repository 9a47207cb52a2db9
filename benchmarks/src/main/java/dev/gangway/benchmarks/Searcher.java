package dev.gangway.benchmarks;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One connection that asks the same search again and again, as an application does: prepare, bind, execute, read. */
final class Searcher implements AutoCloseable {
    /** pgjdbc prepares on the server at the fifth use, and the server may change the plan at the sixth after that. */
    static final int PAST_THE_SWITCH_OF_PLANS = 15;

    private final Connection connection;
    private final String query;
    private final Binding binding;
    private final Object[] questions;
    private int next;

    private Searcher(Connection connection, String query, Binding binding, Object[] questions) {
        this.connection = connection;
        this.query = query;
        this.binding = binding;
        this.questions = questions;
    }

    /** Connects, and makes pgvector look at enough candidates for that many rows. */
    static Searcher open(Variant variant, String url, SearchTable table, int k, Binding binding, Object[] questions)
            throws SQLException {
        Connection connection = variant.open(url);
        Sql.execute(connection, "set hnsw.ef_search = " + efSearch(k));
        return new Searcher(connection, table.query(k), binding, questions);
    }

    static int efSearch(int k) {
        return k <= 10 ? 40 : k + k / 5;
    }

    /** Goes back to a question. */
    void seek(int question) {
        next = question % questions.length;
    }

    /** Asks the next question. */
    long search() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            binding.bind(statement, 1, questions[next]);
            next = (next + 1) % questions.length;
            return read(statement);
        }
    }

    /** {@return something made of all that was read} */
    static long read(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            long sum = 0;
            while (rows.next()) {
                sum += rows.getInt(1) + Double.doubleToLongBits(rows.getDouble(2));
            }
            return sum;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
