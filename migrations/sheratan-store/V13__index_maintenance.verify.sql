SELECT 'indexes' AS category,
       'all indexes of the store are valid' AS name,
       NOT EXISTS (SELECT FROM index_usage WHERE NOT valid) AS passed,
       'not valid: ' || coalesce((SELECT string_agg(indexname, ', ') FROM index_usage WHERE NOT valid), 'none') AS detail;
