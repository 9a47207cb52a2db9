package dev.gangway.pgvector;

import org.jspecify.annotations.Nullable;

/** Those types of pgvector whose values are vectors of numbers. */
public enum VectorType {
    /** Of 4-byte floating point numbers. */
    VECTOR("vector"),
    /** Of 2-byte floating point numbers. */
    HALFVEC("halfvec"),
    /** Of 4-byte floating point numbers, most of which are 0 and are left out. */
    SPARSEVEC("sparsevec");

    private final String typeName;

    VectorType(String typeName) {
        this.typeName = typeName;
    }

    /** {@return its name in SQL, without a schema} */
    public String typeName() {
        return typeName;
    }

    /** {@return the type of that name, null for none} */
    public static @Nullable VectorType ofName(String typeName) {
        for (VectorType type : values()) {
            if (type.typeName.equals(typeName)) {
                return type;
            }
        }
        return null;
    }
}
