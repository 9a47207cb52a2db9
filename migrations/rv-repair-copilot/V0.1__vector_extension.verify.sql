-- The searches go on past hnsw.ef_search until they have found as many rows as asked for: iterative scans, pgvector 0.8.0.
SELECT 'extension' AS category,
       'pgvector is 0.8.0 or later' AS name,
       coalesce(bool_or(string_to_array(substring(extversion FROM '^\d+\.\d+'), '.')::int[] >= ARRAY[0, 8]), false) AS passed,
       coalesce('this database has ' || max(extversion), 'this database has none') AS detail
FROM pg_extension
WHERE extname = 'vector';
