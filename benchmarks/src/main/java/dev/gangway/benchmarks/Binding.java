package dev.gangway.benchmarks;

import com.pgvector.PGvector;
import dev.gangway.testkit.Embeddings;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** How the question reaches the server; public because JMH's generated code uses it. */
public enum Binding {
    /** {@code setString}, as most applications do. */
    TEXT,
    /** pgvector's own class, with its types registered. */
    BINARY;

    Object[] values(float[][] questions) {
        Object[] values = new Object[questions.length];
        for (int i = 0; i < questions.length; i++) {
            values[i] = this == TEXT ? Embeddings.text(questions[i]) : new PGvector(questions[i]);
        }
        return values;
    }

    void bind(PreparedStatement statement, int parameter, Object value) throws SQLException {
        if (this == TEXT) {
            statement.setString(parameter, (String) value);
        } else {
            statement.setObject(parameter, value);
        }
    }
}
