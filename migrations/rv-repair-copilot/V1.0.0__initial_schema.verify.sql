SELECT 'schema version' AS category,
       '1.0.0 has its 20 fields' AS name,
       count(*) = 20 AS passed,
       count(*) || ' fields' AS detail
FROM metadata_fields
WHERE since_version = '1.0.0';

SELECT 'schema version' AS category,
       'schema and metadata_fields agree' AS name,
       count(*) = 0 AS passed,
       string_agg(field || ': ' || problem, '; ') AS detail
FROM schema_problems;
