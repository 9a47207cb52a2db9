-- HNSW indexes came with pgvector 0.5.0.
SELECT 'extension' AS category,
       'vector has HNSW indexes' AS name,
       EXISTS (SELECT FROM pg_am WHERE amname = 'hnsw') AS passed,
       'pgvector 0.5.0 or later is needed; ' || coalesce(
           (SELECT 'this database has ' || extversion FROM pg_extension WHERE extname = 'vector'),
           'this database has none') AS detail;
