package dev.gangway.packs;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Random;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A model of so many dimensions: the same text has always the same embedding, another text another one. */
record EmbeddingModel(int dimensions) {

    String embed(@Nullable String text) {
        Random random = new Random(31L * String.valueOf(text).hashCode() + dimensions);
        StringJoiner vector = new StringJoiner(",", "[", "]");
        for (int i = 0; i < dimensions; i++) {
            vector.add(Float.toString(random.nextInt(1, 1000) / 1000f));
        }
        return vector.toString();
    }

    /** The worker's job type. */
    String jobType() {
        return "embed_chunk_" + dimensions;
    }

    /**
     * Takes one job and does it as a worker of an application does: no transaction is open while the model thinks.
     *
     * @return whether there was one
     */
    boolean work(Connection connection, String worker) throws SQLException {
        String take = "select id, payload ->> 'chunk_id' from take_job('%s', array['%s'])".formatted(worker, jobType());
        String job;
        String chunk;
        try (PreparedStatement statement = connection.prepareStatement(take);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return false;
            }
            job = rows.getString(1);
            chunk = rows.getString(2);
        }
        String read = "select content, chunk_text_hash(heading, content) from document_chunks where id = " + chunk;
        try (PreparedStatement statement = connection.prepareStatement(read);
                ResultSet rows = statement.executeQuery()) {
            if (rows.next()) {
                Sql.ask(
                        connection,
                        "select store_embedding(%s, '%s', '%s')"
                                .formatted(chunk, rows.getString(2), embed(rows.getString(1))));
            }
        }
        Sql.ask(connection, "select complete_job(" + job + ", '" + worker + "')");
        return true;
    }

    /** Does all jobs that wait. */
    void workAll(Connection connection) throws SQLException {
        while (work(connection, "worker")) {
            // The next one.
        }
    }
}
