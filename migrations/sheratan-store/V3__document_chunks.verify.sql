-- While the dimension is being changed (pack sheratan-store-dimension) both have a view of their own, whichever of them
-- the column embedding is.
SELECT 'columns' AS category,
       'document_chunks has embeddings of ${vectorDimension:384} dimensions' AS name,
       atttypmod = ${vectorDimension:384} OR to_regclass('document_chunks_${vectorDimension:384}') IS NOT NULL AS passed,
       'embedding is ' || format_type(atttypid, atttypmod)
           || '; gangway.placeholders.vectorDimension must be the same' AS detail
FROM pg_attribute
WHERE attrelid = 'document_chunks'::regclass
  AND attname = 'embedding';

SELECT 'foreign keys' AS category,
       'chunks go with their document' AS name,
       EXISTS (
           SELECT
           FROM pg_constraint
           WHERE conrelid = 'document_chunks'::regclass
             AND confrelid = 'documents'::regclass
             AND contype = 'f'
             AND confdeltype = 'c'
             AND convalidated
       ) AS passed,
       'if it is missing: ALTER TABLE document_chunks ADD CONSTRAINT fk_document_chunks_document FOREIGN KEY '
           || '(document_id) REFERENCES documents (id) ON DELETE CASCADE' AS detail;
