SELECT 'indexes' AS category,
       'idx_chunks_embedding is valid' AS name,
       coalesce(bool_and(indisvalid), false) AS passed,
       'DROP INDEX CONCURRENTLY it and build it again, or REINDEX INDEX CONCURRENTLY idx_chunks_embedding' AS detail
FROM pg_index
WHERE indexrelid = to_regclass('idx_chunks_embedding');
