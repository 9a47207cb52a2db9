SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT
           FROM pg_index
           WHERE indrelid = 'document_chunks'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY['idx_chunks_content_tsv', 'idx_chunks_document_id']) AS name;

-- Of interest where the tables were made by something else.
SELECT 'columns' AS category,
       table_name || '.' || column_name || ' is ' || type AS name,
       EXISTS (
           SELECT
           FROM pg_attribute
           WHERE attrelid = to_regclass(table_name)
             AND attname = column_name
             AND format_type(atttypid, NULL) = type
             AND NOT attisdropped
       ) AS passed,
       'the functions of this pack rely on it' AS detail
FROM (
    VALUES
        ('documents', 'id', 'bigint'),
        ('documents', 'title', 'text'),
        ('documents', 'content', 'text'),
        ('documents', 'source', 'text'),
        ('documents', 'metadata', 'jsonb'),
        ('documents', 'updated_at', 'timestamp with time zone'),
        ('document_chunks', 'id', 'bigint'),
        ('document_chunks', 'document_id', 'bigint'),
        ('document_chunks', 'chunk_index', 'integer'),
        ('document_chunks', 'heading', 'text'),
        ('document_chunks', 'content', 'text'),
        ('document_chunks', 'metadata', 'jsonb'),
        ('jobs', 'id', 'bigint'),
        ('jobs', 'job_type', 'text'),
        ('jobs', 'status', 'text'),
        ('jobs', 'priority', 'integer'),
        ('jobs', 'payload', 'jsonb'),
        ('jobs', 'result', 'jsonb'),
        ('jobs', 'error', 'text'),
        ('audit_logs', 'id', 'bigint'),
        ('audit_logs', 'created_at', 'timestamp with time zone'),
        ('search_logs', 'id', 'bigint'),
        ('search_logs', 'created_at', 'timestamp with time zone')
) AS expected (table_name, column_name, type);
