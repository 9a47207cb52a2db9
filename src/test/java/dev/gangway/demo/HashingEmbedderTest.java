package dev.gangway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashingEmbedderTest {

    @Test
    void theSameTextAlwaysGivesTheSameVector() {
        float[] vector = HashingEmbedder.embed("A migration that fails is rolled back.");

        assertThat(vector).hasSize(HashingEmbedder.DIMENSION);
        assertThat(vector).isEqualTo(HashingEmbedder.embed("A migration that fails is rolled back."));
    }

    @Test
    void everyVectorHasLengthOne() {
        assertThat(length(HashingEmbedder.embed("lock, fence, and one message for each migration")))
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void aTextWithoutWordsGivesZeros() {
        assertThat(HashingEmbedder.embed(" | --- | ")).containsOnly(0);
    }

    @Test
    void theChunkThatAnswersAQuestionIsNearest() {
        List<String> chunks = List.of(
                "Placeholders: write ${vectorDimension} in a script and set gangway.placeholders.vectorDimension.",
                "The leader holds an advisory lock; other processes poll until the schema is current.",
                "A failed migration is rolled back as a whole, and the error names file, line and column.",
                "Through PgBouncer in transaction mode set prepareThreshold=0.");

        assertThat(nearest("what happens to a migration that failed?", chunks)).isEqualTo(chunks.get(2));
        assertThat(nearest("who takes the lock, and what do the others do?", chunks))
                .isEqualTo(chunks.get(1));
        assertThat(nearest("does it work with pgbouncer", chunks)).isEqualTo(chunks.get(3));
    }

    private static String nearest(String question, List<String> chunks) {
        float[] wanted = HashingEmbedder.embed(question);
        return chunks.stream()
                .max(Comparator.comparingDouble(chunk -> product(wanted, HashingEmbedder.embed(chunk))))
                .orElseThrow();
    }

    private static double length(float[] vector) {
        return Math.sqrt(product(vector, vector));
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
