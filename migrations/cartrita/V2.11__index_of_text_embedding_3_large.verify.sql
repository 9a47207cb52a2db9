-- It may be gone again, when rows are few again.
SELECT 'indexes' AS category,
       'embeddings_vector_4 is valid' AS name,
       coalesce(bool_and(indisvalid), true) AS passed
FROM pg_index
WHERE indexrelid = to_regclass('embeddings_vector_4');
