-- The table may be older than the pack, so that its columns need not be those of the placeholders.
WITH columns AS (
    SELECT attname, format_type(atttypid, atttypmod) AS type, atttypmod, atttypid
    FROM pg_attribute
    WHERE attrelid = to_regclass('"${gangway:schema}".${table:embeddings}') AND attnum > 0 AND NOT attisdropped
)
SELECT 'columns' AS category,
       wanted.name || ' has its type' AS name,
       coalesce(t.typname = ANY (wanted.types), false) AS passed,
       coalesce('it is ' || c.type, 'there is no such column') AS detail
FROM (VALUES ('embedding_id', ARRAY['uuid']),
             ('embedding', ARRAY['vector']),
             ('text', ARRAY['text']),
             ('metadata', ARRAY['json', 'jsonb'])) AS wanted (name, types)
LEFT JOIN columns c ON c.attname = wanted.name
LEFT JOIN pg_type t ON t.oid = c.atttypid
UNION ALL
SELECT 'columns',
       'embedding has ${dimension:1536} dimensions',
       coalesce((SELECT atttypmod = ${dimension:1536} FROM columns WHERE attname = 'embedding'), false),
       coalesce('it is ' || (SELECT type FROM columns WHERE attname = 'embedding'), 'there is no such column')
           || '; gangway.placeholders.dimension says how many'
UNION ALL
-- The framework writes with ON CONFLICT (embedding_id).
SELECT 'columns',
       'embedding_id is unique',
       EXISTS (
           SELECT FROM pg_index i
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
           WHERE i.indrelid = to_regclass('"${gangway:schema}".${table:embeddings}')
             AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'embedding_id'),
       'ON CONFLICT (embedding_id) needs a primary key or unique index on embedding_id';

-- The framework may have created the index that V4 is about to, for another configuration. IF NOT EXISTS would pass over it.
SELECT 'indexes' AS category,
       '${table:embeddings}_text_fts_gin_index, if it exists, is for the configuration ${textSearchConfig:simple}' AS name,
       i.indexrelid IS NULL
           OR position('to_tsvector(''${textSearchConfig:simple}''::regconfig' IN pg_get_indexdef(i.indexrelid)) > 0 AS passed,
       'drop it, or give its configuration in gangway.placeholders.textSearchConfig: '
           || coalesce(pg_get_indexdef(i.indexrelid), r.name) AS detail
FROM (VALUES ('"${gangway:schema}".${table:embeddings}_text_fts_gin_index')) AS r (name)
LEFT JOIN pg_index i ON i.indexrelid = to_regclass(r.name);
