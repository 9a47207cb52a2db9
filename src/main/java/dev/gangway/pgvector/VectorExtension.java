package dev.gangway.pgvector;

import java.util.List;

/**
 * The vector extension as it is installed in a database.
 *
 * @param schema  the schema that holds its types and operators; any, also one off the search_path
 * @param version the extension's SQL version, for example {@code 0.8.0}; providers append text of their own
 * @param types   vector, halfvec and sparsevec, as far as this version has them
 */
public record VectorExtension(String schema, String version, List<Type> types) {

    /**
     * One of its types.
     *
     * @param name     without schema
     * @param oid      the type's OID in this database
     * @param arrayOid the OID of its array type
     */
    public record Type(String name, int oid, int arrayOid) {}

    public VectorExtension {
        types = List.copyOf(types);
    }
}
