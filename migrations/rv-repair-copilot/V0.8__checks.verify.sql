SELECT 'schema validation' AS category,
       name,
       p.problem IS NULL AS passed,
       p.problem AS detail
FROM metadata_fields f
LEFT JOIN schema_problems p ON p.field = f.name;
