SELECT 'indexes' AS category,
       '${index:spring_ai_vector_index} is valid' AS name,
       coalesce(bool_and(indisvalid AND indrelid = to_regclass('"${gangway:schema}".${table:vector_store}')), false)
           AS passed,
       coalesce(min(pg_get_indexdef(indexrelid)), 'it does not exist') AS detail
FROM pg_index
WHERE indexrelid = to_regclass('"${gangway:schema}".${index:spring_ai_vector_index}');
