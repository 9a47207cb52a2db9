SELECT 'Indexes' AS category, name,
       coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(name)), false) AS passed
FROM unnest(ARRAY['idx_documents_guild_id', 'idx_documents_public', 'idx_documents_source', 'idx_documents_created_at',
                  'idx_documents_metadata', 'idx_documents_tags', 'idx_documents_content_tsv']) AS name;
