SELECT 'columns' AS category,
       'document_chunks.embedding has ${newVectorDimension} dimensions' AS name,
       atttypmod = ${newVectorDimension} AS passed,
       'it is ' || format_type(atttypid, atttypmod) AS detail
FROM pg_attribute
WHERE attrelid = 'document_chunks'::regclass
  AND attname = 'embedding';
