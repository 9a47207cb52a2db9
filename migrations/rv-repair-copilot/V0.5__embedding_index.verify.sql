SELECT 'indexes' AS category,
       'idx_repair_chunks_embedding is valid' AS name,
       coalesce(bool_and(indisvalid), false) AS passed
FROM pg_index
WHERE indexrelid = to_regclass('idx_repair_chunks_embedding');
