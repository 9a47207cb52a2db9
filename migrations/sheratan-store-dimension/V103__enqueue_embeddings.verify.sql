-- As long as the dimension is being changed.
SELECT 'embeddings' AS category,
       'every chunk without an embedding of ${newVectorDimension} dimensions has a job' AS name,
       NOT EXISTS (
           SELECT
           FROM document_chunks_${newVectorDimension} AS c
           WHERE c.embedding IS NULL
             AND NOT EXISTS (
                 SELECT
                 FROM jobs AS j
                 WHERE j.job_type = 'embed_chunk_${newVectorDimension}'
                   AND j.job_key = c.id::text
                   AND j.status IN ('pending', 'running')
             )
       ) OR NOT EXISTS (
           SELECT
           FROM pg_trigger
           WHERE tgrelid = 'document_chunks'::regclass AND tgname = 'document_chunks_enqueue_embeddings'
       ) AS passed,
       'of those that have failed, retry_job(id) lets them be tried again' AS detail;
