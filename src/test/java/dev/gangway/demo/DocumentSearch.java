package dev.gangway.demo;

import com.pgvector.PGvector;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain application on HikariCP: it stores documents and finds what is most like a question. Of the database it knows
 * a JDBC URL and the names of tables. It creates none of them, and knows nothing of migrations.
 *
 * <p>Thread-safe.
 */
final class DocumentSearch implements AutoCloseable {
    private final HikariDataSource pool;

    /**
     * One answer.
     *
     * @param score cosine similarity: 1 for the same direction, 0 for nothing in common
     */
    record Answer(double score, String file, String heading, String text) {}

    /** Opens the pool, which makes its first connection. */
    DocumentSearch(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(4);
        this.pool = new HikariDataSource(config);
    }

    /** Stores a document with its chunks, in one transaction. */
    void store(Document document) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            storeChunks(connection, storeDocument(connection, document), document.chunks());
            connection.commit();
        }
    }

    private static long storeDocument(Connection connection, Document document) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO documents (title, content, source) VALUES (?, ?, ?) RETURNING id")) {
            insert.setString(1, document.title());
            insert.setString(2, document.text());
            insert.setString(3, document.file());
            try (ResultSet rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static void storeChunks(Connection connection, long document, List<Document.Chunk> chunks)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO document_chunks (document_id, chunk_index, heading, content, embedding)"
                        + " VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 0; i < chunks.size(); i++) {
                Document.Chunk chunk = chunks.get(i);
                insert.setLong(1, document);
                insert.setInt(2, i);
                insert.setString(3, chunk.heading());
                insert.setString(4, chunk.text());
                insert.setObject(5, new PGvector(HashingEmbedder.embed(chunk.heading() + "\n" + chunk.text())));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** {@return the chunks most like the question, the best one first} */
    List<Answer> search(String question, int limit) throws SQLException {
        long begin = System.nanoTime();
        List<Answer> answers = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT 1 - (c.embedding <=> ?), d.source, c.heading, c.content
                    FROM document_chunks c JOIN documents d ON d.id = c.document_id
                    ORDER BY c.embedding <=> ?
                    LIMIT ?""")) {
                PGvector embedding = new PGvector(HashingEmbedder.embed(question));
                query.setObject(1, embedding);
                query.setObject(2, embedding);
                query.setInt(3, limit);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        answers.add(
                                new Answer(rows.getDouble(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                    }
                }
            }
            log(connection, question, answers, (System.nanoTime() - begin) / 1e6);
        }
        return answers;
    }

    private static void log(Connection connection, String question, List<Answer> answers, double millis)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO search_logs (query, results_count, top_score, duration_ms) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, question);
            insert.setInt(2, answers.size());
            insert.setObject(3, answers.isEmpty() ? null : answers.get(0).score(), Types.DOUBLE);
            insert.setDouble(4, millis);
            insert.executeUpdate();
        }
    }

    /** Closes the pool. */
    @Override
    public void close() {
        pool.close();
    }
}
