SELECT 'indexes' AS category,
       '${table:embeddings}_hnsw_index is valid' AS name,
       coalesce(bool_and(indisvalid AND indrelid = to_regclass('"${gangway:schema}".${table:embeddings}')), false)
           AS passed,
       coalesce(min(pg_get_indexdef(indexrelid)), 'it does not exist') AS detail
FROM pg_index
WHERE indexrelid = to_regclass('"${gangway:schema}".${table:embeddings}_hnsw_index');
