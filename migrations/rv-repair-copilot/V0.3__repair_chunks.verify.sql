SELECT 'columns' AS category,
       'embedding has 1536 dimensions' AS name,
       format_type(atttypid, atttypmod) LIKE '%vector(1536)' AS passed,
       'it is ' || format_type(atttypid, atttypmod) AS detail
FROM pg_attribute
WHERE attrelid = 'repair_chunks'::regclass
  AND attname = 'embedding';

SELECT 'constraints' AS category,
       conname::text AS name,
       convalidated AS passed
FROM pg_constraint
WHERE conrelid = 'repair_chunks'::regclass
  AND contype IN ('c', 'u', 'p');
