-- Puts the chunks that were there before into the queue, in batches; those that are written meanwhile the trigger enqueues.
-- Of low priority, so that everything else in the queue comes first. What the workers do then is told in the README.
-- gangway: type=data
-- gangway: risk=low
-- gangway: requires=102
-- gangway: repeat=until-no-rows

INSERT INTO jobs (job_type, payload, priority, job_key)
SELECT
    'embed_chunk_${newVectorDimension}',
    jsonb_build_object('chunk_id', c.id, 'dimensions', ${newVectorDimension}),
    -10,
    c.id::text
FROM document_chunks AS c
WHERE c.embedding_next IS NULL
  AND NOT EXISTS (SELECT FROM jobs AS j WHERE j.job_type = 'embed_chunk_${newVectorDimension}' AND j.job_key = c.id::text)
ORDER BY c.id
LIMIT ${backfillBatch:5000}
ON CONFLICT (job_type, job_key) WHERE status = 'pending' DO NOTHING;
