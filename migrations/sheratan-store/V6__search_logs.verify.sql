SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT FROM pg_index WHERE indrelid = 'search_logs'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY[
    'idx_search_logs_created_at'
]) AS name;
