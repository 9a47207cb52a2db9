package dev.gangway.packs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * An embedding model that needs no network: texts that have words in common lie near each other, and the same text is
 * always the same vector. A text in brackets is pgvector's text of the embedding that it stands for.
 */
final class StubModel implements EmbeddingModel {
    private final int dimensions;

    StubModel(int dimensions) {
        this.dimensions = dimensions;
    }

    static float[] embedding(String text, int dimensions) {
        float[] sum = new float[dimensions];
        if (text.startsWith("[")) {
            String[] elements = text.substring(1, text.length() - 1).split(",");
            for (int i = 0; i < dimensions; i++) {
                sum[i] = Float.parseFloat(elements[i]);
            }
            return sum;
        }
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            Random random = new Random(word.hashCode());
            for (int i = 0; i < dimensions; i++) {
                sum[i] += (float) random.nextGaussian();
            }
        }
        return sum;
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        List<Embedding> embeddings = new ArrayList<>();
        for (String text : request.getInstructions()) {
            embeddings.add(new Embedding(embedding(text, dimensions), embeddings.size()));
        }
        return new EmbeddingResponse(embeddings);
    }

    @Override
    public float[] embed(Document document) {
        return embedding(String.valueOf(document.getText()), dimensions);
    }

    @Override
    public int dimensions() {
        return dimensions;
    }
}
