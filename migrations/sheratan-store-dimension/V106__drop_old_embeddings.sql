-- The old embeddings go, and with them what kept both right. Deferred until dropOldDimension is true: when no application
-- of the old model runs any more.
--
-- The view first: who reads through it locks the view and then the table, so any other order could be a deadlock.
-- gangway: type=schema
-- gangway: risk=high
-- gangway: requires=105
-- gangway: lock-timeout=1s
-- gangway: when=${dropOldDimension:false}

DO $$
DECLARE
    dimensions int := (
        SELECT atttypmod FROM pg_attribute WHERE attrelid = 'document_chunks'::regclass AND attname = 'embedding_old'
    );
BEGIN
    IF dimensions IS DISTINCT FROM ${vectorDimension:384} THEN
        RAISE EXCEPTION 'embedding_old has % dimensions, and vectorDimension is ${vectorDimension:384}', dimensions
            USING ERRCODE = 'data_exception',
                  HINT = 'Leave it at the old dimension until this migration is applied, and change it then.';
    END IF;
END
$$;

DROP VIEW document_chunks_${vectorDimension:384};

DROP TRIGGER document_chunks_enqueue_embeddings ON document_chunks;
DROP TRIGGER document_chunks_forget_embeddings ON document_chunks;
DROP FUNCTION enqueue_missing_embeddings();
DROP FUNCTION forget_embeddings_of_old_text();

DROP INDEX idx_chunks_embedding_missing;
ALTER TABLE document_chunks DROP COLUMN embedding_old;

UPDATE jobs
SET status = 'failed',
    error = 'embeddings of ${vectorDimension:384} dimensions are no longer stored',
    completed_at = clock_timestamp()
WHERE job_type = 'embed_chunk_${vectorDimension:384}'
  AND status = 'pending';
