SELECT 'schema validation' AS category,
       'a document without its required fields is refused' AS name,
       count(*) = 7 AS passed,
       string_agg(field || ' ' || problem, '; ') AS detail
FROM validate_chunk_metadata('{}')
WHERE problem = 'is required';
