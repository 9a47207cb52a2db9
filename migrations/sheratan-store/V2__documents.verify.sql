SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT FROM pg_index WHERE indrelid = 'documents'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY['idx_documents_created_at', 'idx_documents_source']) AS name;
