package dev.gangway.packs;

import dev.gangway.testkit.Embeddings;
import dev.gangway.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A pack's searches over many rows, for the tests and for the benchmark.
 *
 * @param settings   of the pack, such as {@code gangway.placeholders.vectorDimension=384}, not encoded
 * @param dimensions of the embeddings
 * @param fill       statements that fill the pack's tables from the table {@code embeddings (n int, cluster int, embedding
 *     vector)} of {@link Embeddings}, with texts in which words of very different frequency occur
 * @param similarity the plain search for the ten nearest, with one parameter: the question's embedding as text; returns the
 *     row's key first
 * @param hybrid     the hybrid search for ten, with the same one parameter and a text of the caller's choice
 * @param exact      the ten nearest without any function, by the same distance and with the same keys
 */
public record SearchScenario(
        String pack,
        List<String> settings,
        int dimensions,
        List<String> fill,
        String similarity,
        String hybrid,
        String exact) {

    public SearchScenario {
        settings = List.copyOf(settings);
        fill = List.copyOf(fill);
    }

    /**
     * Migrates an empty database and fills it.
     *
     * @return so many questions, as pgvector's text
     */
    public List<String> prepare(TestDatabase database, int rows, int questions) throws SQLException {
        // In the schema that every session sees, also where the pack is in another.
        database.execute("create extension if not exists vector");
        Pack migrated = Pack.in(database, pack, settings.toArray(String[]::new));
        migrated.migrate();
        Embeddings embeddings = Embeddings.clustered(rows, dimensions);
        try (Connection superuser = database.connect()) {
            embeddings.loadInto(superuser, "embeddings");
            Searches.fillWithoutVectorIndexes(superuser, fill.toArray(String[]::new));
        }
        // What waited for rows is due now.
        migrated.migrate();
        return embeddings.questions(questions);
    }
}
