SELECT 'indexes' AS category,
       'idx_repair_chunks_' || kind || '_embedding is valid' AS name,
       coalesce((SELECT i.indisvalid FROM pg_index i
                 WHERE i.indexrelid = to_regclass('idx_repair_chunks_' || kind || '_embedding')), false) AS passed
FROM unnest(ARRAY['image', 'video', 'audio']) AS kind;
