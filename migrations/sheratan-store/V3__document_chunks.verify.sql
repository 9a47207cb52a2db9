SELECT 'columns' AS category,
       'document_chunks.embedding has ${vectorDimension} dimensions' AS name,
       atttypmod = ${vectorDimension} AS passed,
       'it is ' || format_type(atttypid, atttypmod) AS detail
FROM pg_attribute
WHERE attrelid = 'document_chunks'::regclass
  AND attname = 'embedding';

SELECT 'foreign keys' AS category,
       'chunks go with their document' AS name,
       confdeltype = 'c' AS passed
FROM pg_constraint
WHERE conrelid = 'document_chunks'::regclass
  AND confrelid = 'documents'::regclass;
