-- What is wrong with the schema, with the chunks, and what there is to know of an index before it is rebuilt.
-- gangway: type=schema
-- gangway: risk=low

-- Schema validation: where repair_chunks is not what metadata_fields says. No rows when all is well.
CREATE VIEW schema_problems AS
WITH fields AS (
    SELECT f.*,
           CASE
               WHEN f.format = 'date-time' THEN 'timestamp with time zone'
               WHEN f.format = 'int64' THEN 'bigint'
               WHEN f.json_type = 'string' THEN 'text'
               WHEN f.json_type = 'integer' THEN 'integer'
               WHEN f.json_type = 'number' THEN 'double precision'
               WHEN f.json_type = 'boolean' THEN 'boolean'
               WHEN f.json_type = 'array' THEN 'text[]'
               ELSE 'jsonb'
           END AS expected_type,
           c.oid AS table_oid,
           a.attnum,
           a.attnotnull,
           format_type(a.atttypid, a.atttypmod) AS actual_type,
           pg_get_expr(d.adbin, d.adrelid) AS actual_default
    FROM metadata_fields f
    CROSS JOIN pg_catalog.pg_class c
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.oid = 'repair_chunks'::regclass
)
SELECT f.name AS field, p.problem
FROM fields f
CROSS JOIN LATERAL (
    SELECT 'column ' || f.column_name || ' is missing' AS problem
    WHERE f.attnum IS NULL
    UNION ALL
    SELECT 'column ' || f.column_name || ' is ' || f.actual_type || ', not ' || f.expected_type
    WHERE f.actual_type <> f.expected_type
    UNION ALL
    SELECT 'column ' || f.column_name || CASE WHEN f.required THEN ' may be null' ELSE ' may not be null' END
    WHERE f.attnotnull <> f.required
    UNION ALL
    SELECT 'default of ' || f.column_name || ' is ' || coalesce(f.actual_default, 'null')
    WHERE f.attnum IS NOT NULL
      AND f.actual_default IS DISTINCT FROM quote_literal(f.default_value) || '::text'
    UNION ALL
    SELECT 'no valid index on ' || f.column_name
    WHERE f.attnum IS NOT NULL
      AND NOT EXISTS (
          SELECT
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
          JOIN pg_catalog.pg_am m ON m.oid = x.relam
          WHERE i.indrelid = f.table_oid
            AND i.indisvalid
            AND i.indpred IS NULL
            AND i.indkey[0] = f.attnum
            AND CASE
                WHEN f.json_type IN ('array', 'object') THEN m.amname = 'gin'
                ELSE m.amname IN ('btree', 'hash')
            END)
) p;

-- Data integrity: one row a problem. 'pending' is what the application has still to do; 'error' is damage. What
-- constraints keep out is looked for as well: they may have been dropped, or a copy may have been made without them.
-- Reads all chunks with their embeddings: a report, not a check on each request.
CREATE VIEW chunk_integrity_problems AS
SELECT 'error' AS severity, 'chunk_index_out_of_range' AS problem, c.source, c.id AS chunk_id,
       format('chunk %s of %s', c.chunk_index, c.total_chunks) AS detail
FROM repair_chunks c
WHERE c.chunk_index < 0 OR c.chunk_index >= c.total_chunks
UNION ALL
SELECT 'error', 'duplicate_chunk', c.source, max(c.id), format('chunk %s is there %s times', c.chunk_index, count(*))
FROM repair_chunks c
GROUP BY c.source, c.chunk_index
HAVING count(*) > 1
UNION ALL
SELECT 'error', 'missing_chunks', c.source, NULL,
       format('%s of %s chunks are there', count(DISTINCT c.chunk_index), max(c.total_chunks))
FROM repair_chunks c
GROUP BY c.source
HAVING count(DISTINCT c.chunk_index) < max(c.total_chunks)
UNION ALL
SELECT 'error', 'differing_total_chunks', c.source, NULL,
       format('between %s and %s', min(c.total_chunks), max(c.total_chunks))
FROM repair_chunks c
GROUP BY c.source
HAVING min(c.total_chunks) <> max(c.total_chunks)
UNION ALL
SELECT 'error', 'differing_file_hash', c.source, NULL,
       format('%s files: an older one was not removed', count(DISTINCT c.file_hash))
FROM repair_chunks c
GROUP BY c.source
HAVING count(DISTINCT c.file_hash) > 1
UNION ALL
SELECT 'error', 'file_under_several_sources', min(c.source), NULL,
       format('the file %s is also %s', c.file_hash, max(c.source))
FROM repair_chunks c
GROUP BY c.file_hash
HAVING min(c.source) <> max(c.source)
UNION ALL
SELECT 'error', 'blank_content', c.source, c.id, NULL
FROM repair_chunks c
WHERE c.content !~ '\S'
UNION ALL
SELECT 'error', 'wrong_dimension', c.source, c.id, format('%s dimensions', vector_dims(c.embedding))
FROM repair_chunks c
WHERE vector_dims(c.embedding) <> 1536
UNION ALL
SELECT 'error', 'zero_embedding', c.source, c.id, 'it is in no cosine index and never found'
FROM repair_chunks c
WHERE vector_norm(c.embedding) = 0
UNION ALL
SELECT 'error', 'stale_text_search', c.source, c.id, 'content_tsv is not what the language of the chunk gives'
FROM repair_chunks c
WHERE c.content_tsv IS DISTINCT FROM chunk_search_vector(c.language, c.brand, c.model, c.component, c.content)
UNION ALL
SELECT 'pending', 'embedding_missing', c.source, c.id, 'see chunks_without_embedding'
FROM repair_chunks c
WHERE c.embedding IS NULL;

-- Index rebuild: the command for each index, and what there is to know beforehand. A function could not run it:
-- CONCURRENTLY is refused in a transaction.
CREATE VIEW index_maintenance AS
SELECT x.relname AS index_name,
       m.amname AS method,
       i.indisvalid AS valid,
       pg_relation_size(x.oid) AS bytes,
       coalesce(s.idx_scan, 0) AS scans,
       coalesce(t.n_dead_tup, 0) AS dead_rows,
       format('REINDEX INDEX CONCURRENTLY %I.%I', n.nspname, x.relname) AS rebuild_command
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = x.relam
LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_all_tables t ON t.relid = i.indrelid
WHERE i.indrelid = 'repair_chunks'::regclass;
