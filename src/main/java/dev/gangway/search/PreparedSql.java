package dev.gangway.search;

import dev.gangway.pgvector.VectorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a SQL text from its tokens alone. Immutable, though the array is not copied.
 *
 * @param search     what is searched for; null when it is no similarity search
 * @param parameters what each parameter takes, that of number 1 first; ends with the last one that takes a vector
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out, and compared by nobody
record PreparedSql(@Nullable SearchQuery search, Takes[] parameters) {

    /** What a parameter takes. */
    enum Takes {
        /** Anything; none of our business. */
        ANYTHING,
        /** A {@code vector}: the parameter is cast to it. */
        VECTOR,
        /** A {@code halfvec}: the parameter is cast to it. */
        HALFVEC,
        /** A {@code sparsevec}: the parameter is cast to it. */
        SPARSEVEC,
        /** It stands beside a similarity operator without a cast; only the server can tell which type that gives it. */
        SERVER_KNOWS;

        /** {@return the type that the text tells; null for none} */
        @Nullable
        VectorType type() {
            return switch (this) {
                case VECTOR -> VectorType.VECTOR;
                case HALFVEC -> VectorType.HALFVEC;
                case SPARSEVEC -> VectorType.SPARSEVEC;
                case ANYTHING, SERVER_KNOWS -> null;
            };
        }
    }

    /** A text that has nothing to do with similarity searches. */
    static final PreparedSql NOTHING = new PreparedSql(null, new Takes[0]);

    /** {@return whether any parameter takes a vector} */
    boolean takesVectors() {
        return parameters.length > 0;
    }

    /** {@return what the parameter of this number takes; numbers begin with 1, and wrong ones take anything} */
    Takes takes(int parameter) {
        return parameter >= 1 && parameter <= parameters.length ? parameters[parameter - 1] : Takes.ANYTHING;
    }

    @Override
    public String toString() {
        return "PreparedSql[search=" + search + ", parameters=" + Arrays.toString(parameters) + "]";
    }
}
