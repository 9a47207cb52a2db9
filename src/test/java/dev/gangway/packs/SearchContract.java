package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What holds for the search functions of every pack at 20,000 rows, which are the same for all tests of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SearchContract {
    private static final int ROWS = 20_000;
    private static final int QUESTIONS = 50;
    private static final double RECALL = 0.95;

    /** pgjdbc's prepareThreshold, and PostgreSQL's custom plans before it thinks of a generic one. */
    private static final int PAST_THE_PLAN_SWITCH = 5 + 6;

    private TestDatabase database;
    private List<String> questions;

    abstract SearchScenario scenario();

    @BeforeAll
    final void fill() throws SQLException {
        database = TestServer.newDatabase();
        questions = scenario().prepare(database, ROWS, QUESTIONS);
    }

    @AfterAll
    final void drop() throws SQLException {
        database.close();
    }

    final TestDatabase database() {
        return database;
    }

    /** Embeddings to ask for, as pgvector's text. */
    final List<String> questions() {
        return questions;
    }

    /** The query with the first question in place of its parameter. */
    final String asked(String query) {
        return query.replace("?", "'" + questions.get(0) + "'");
    }

    @Test
    void theSimilaritySearchUsesTheVectorIndexAlsoPastThePlanSwitch() throws SQLException {
        assertUsesTheVectorIndex(scenario().similarity());
    }

    @Test
    void theHybridSearchUsesTheVectorIndexAlsoPastThePlanSwitch() throws SQLException {
        assertUsesTheVectorIndex(scenario().hybrid());
    }

    private void assertUsesTheVectorIndex(String query) throws SQLException {
        try (Connection connection = database.connect()) {
            List<String> indexes = Searches.vectorIndexes(connection);
            assertThat(Searches.plans(connection, asked(query))).containsPattern(usesOneOf(indexes));
            for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                Searches.keys(connection, query, questions.get(0));
            }
            assertThat(Searches.plans(connection, asked(query))).containsPattern(usesOneOf(indexes));
        }
    }

    private static String usesOneOf(List<String> indexes) {
        return "Index Scan using (" + String.join("|", indexes) + ")\\b";
    }

    @Test
    void theSimilaritySearchFindsNearlyAllOfTheTrulyNearest() throws SQLException {
        try (Connection connection = database.connect()) {
            double recall = Searches.recall(
                    connection, questions, scenario().similarity(), scenario().exact());

            assertThat(recall).isGreaterThanOrEqualTo(RECALL);
        }
    }

    @Test
    void bothSearchesReturnTen() throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(Searches.keys(connection, scenario().similarity(), questions.get(0)))
                    .hasSize(10);
            assertThat(Searches.keys(connection, scenario().hybrid(), questions.get(0)))
                    .hasSize(10);
        }
    }
}
