SELECT 'indexes' AS category,
       'the embeddings'' indexes are valid' AS name,
       bool_and(x.indisvalid) AS passed
FROM pg_index AS x
JOIN pg_class AS c ON c.oid = x.indexrelid
JOIN pg_am AS a ON a.oid = c.relam
WHERE x.indrelid = 'document_chunks'::regclass
  AND a.amname = 'ivfflat';
