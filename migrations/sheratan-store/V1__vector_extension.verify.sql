-- The search functions rely on iterative index scans, which came with pgvector 0.8.0.
SELECT 'extension' AS category,
       'vector has iterative index scans' AS name,
       coalesce(
           (
               SELECT string_to_array(substring(extversion FROM '^[0-9]+(?:[.][0-9]+)*'), '.')::int[] >= ARRAY[0, 8]
               FROM pg_extension
               WHERE extname = 'vector'
           ),
           false
       ) AS passed,
       'pgvector 0.8.0 or later is needed; '
           || coalesce(
               (SELECT 'this database has ' || extversion FROM pg_extension WHERE extname = 'vector'),
               'this database has none'
           ) AS detail;
