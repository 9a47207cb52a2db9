-- The table may be older than the pack, so that its columns need not be those of the placeholders.
WITH columns AS (
    SELECT attname, format_type(atttypid, atttypmod) AS type, atttypmod, atttypid
    FROM pg_attribute
    WHERE attrelid = to_regclass('"${gangway:schema}".${table:vector_store}') AND attnum > 0 AND NOT attisdropped
)
SELECT 'columns' AS category,
       wanted.name || ' has its type' AS name,
       coalesce(t.typname = ANY (wanted.types), false) AS passed,
       coalesce('it is ' || c.type, 'there is no such column') AS detail
FROM (VALUES ('id', ARRAY['uuid', 'text', 'varchar', 'int4', 'int8']),
             ('content', ARRAY['text', 'varchar']),
             ('metadata', ARRAY['json', 'jsonb']),
             ('embedding', ARRAY['${type:vector}'])) AS wanted (name, types)
LEFT JOIN columns c ON c.attname = wanted.name
LEFT JOIN pg_type t ON t.oid = c.atttypid
UNION ALL
SELECT 'columns',
       'embedding has ${dimension:1536} dimensions',
       coalesce((SELECT atttypmod = ${dimension:1536} FROM columns WHERE attname = 'embedding'), false),
       coalesce('it is ' || (SELECT type FROM columns WHERE attname = 'embedding'), 'there is no such column')
           || '; gangway.placeholders.dimension says how many'
UNION ALL
-- The framework writes with ON CONFLICT (id).
SELECT 'columns',
       'id is unique',
       EXISTS (
           SELECT FROM pg_index i
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
           WHERE i.indrelid = to_regclass('"${gangway:schema}".${table:vector_store}')
             AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'id'),
       'ON CONFLICT (id) needs a primary key or unique index on id';

-- The framework may have created the index that V3 is about to, and of another kind. IF NOT EXISTS would pass over it.
SELECT 'indexes' AS category,
       '${index:spring_ai_vector_index}, if it exists, is an HNSW index of ${table:vector_store} for the distance ${distance:cosine}'
           AS name,
       i.indexrelid IS NULL
           OR i.indrelid = to_regclass('"${gangway:schema}".${table:vector_store}')
              AND m.amname = 'hnsw' AND o.opcname = '${type:vector}_${distance:cosine}_ops' AS passed,
       'drop it, or give another name in gangway.placeholders.index: ' || coalesce(pg_get_indexdef(i.indexrelid), r.name)
           AS detail
FROM (VALUES ('"${gangway:schema}".${index:spring_ai_vector_index}')) AS r (name)
LEFT JOIN pg_index i ON i.indexrelid = to_regclass(r.name)
LEFT JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_opclass o ON o.oid = i.indclass[0];
