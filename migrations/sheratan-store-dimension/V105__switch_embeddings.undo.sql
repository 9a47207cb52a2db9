LOCK TABLE document_chunks IN ACCESS EXCLUSIVE MODE;

ALTER TABLE document_chunks RENAME COLUMN embedding TO embedding_next;
ALTER TABLE document_chunks RENAME COLUMN embedding_old TO embedding;

ALTER INDEX idx_chunks_embedding RENAME TO idx_chunks_embedding_next;
ALTER INDEX IF EXISTS idx_chunks_embedding_old RENAME TO idx_chunks_embedding;

CREATE OR REPLACE FUNCTION forget_embeddings_of_old_text() RETURNS trigger
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF NEW.embedding IS NOT DISTINCT FROM OLD.embedding THEN
        NEW.embedding := NULL;
    END IF;
    IF NEW.embedding_next IS NOT DISTINCT FROM OLD.embedding_next THEN
        NEW.embedding_next := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION enqueue_missing_embeddings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    IF NEW.embedding IS NULL THEN
        PERFORM enqueue_job(
            'embed_chunk_${vectorDimension:384}',
            jsonb_build_object('chunk_id', NEW.id, 'dimensions', ${vectorDimension:384}),
            job_key => NEW.id::text
        );
    END IF;
    IF NEW.embedding_next IS NULL THEN
        PERFORM enqueue_job(
            'embed_chunk_${newVectorDimension}',
            jsonb_build_object('chunk_id', NEW.id, 'dimensions', ${newVectorDimension}),
            job_key => NEW.id::text
        );
    END IF;
    RETURN NULL;
END
$$;
