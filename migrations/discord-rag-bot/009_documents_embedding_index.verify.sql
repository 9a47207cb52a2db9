SELECT 'Indexes' AS category, 'idx_documents_embedding' AS name,
       coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('idx_documents_embedding')), false)
           AS passed;
