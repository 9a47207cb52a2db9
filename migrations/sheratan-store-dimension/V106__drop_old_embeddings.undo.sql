-- The old embeddings are gone: every chunk is put into the queue, for a worker of the old model to compute its own anew.
-- The index is built with one list on nothing, so it finds everything; vector_index_lists() tells when it needs more.
ALTER TABLE document_chunks ADD COLUMN embedding_old vector(${vectorDimension:384});

CREATE VIEW document_chunks_${vectorDimension:384} AS
SELECT id, document_id, chunk_index, heading, content, embedding_old AS embedding, metadata, created_at, content_tsv
FROM document_chunks;

CREATE INDEX idx_chunks_embedding_old
    ON document_chunks USING ivfflat (embedding_old vector_cosine_ops)
    WITH (lists = 1);
CREATE INDEX idx_chunks_embedding_missing ON document_chunks (id) WHERE embedding IS NULL;

CREATE FUNCTION forget_embeddings_of_old_text() RETURNS trigger
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF NEW.embedding IS NOT DISTINCT FROM OLD.embedding THEN
        NEW.embedding := NULL;
    END IF;
    IF NEW.embedding_old IS NOT DISTINCT FROM OLD.embedding_old THEN
        NEW.embedding_old := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION enqueue_missing_embeddings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    IF NEW.embedding_old IS NULL THEN
        PERFORM enqueue_job(
            'embed_chunk_${vectorDimension:384}',
            jsonb_build_object('chunk_id', NEW.id, 'dimensions', ${vectorDimension:384}),
            job_key => NEW.id::text
        );
    END IF;
    IF NEW.embedding IS NULL THEN
        PERFORM enqueue_job(
            'embed_chunk_${newVectorDimension}',
            jsonb_build_object('chunk_id', NEW.id, 'dimensions', ${newVectorDimension}),
            job_key => NEW.id::text
        );
    END IF;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION enqueue_missing_embeddings() FROM PUBLIC;

CREATE TRIGGER document_chunks_forget_embeddings
    BEFORE UPDATE ON document_chunks
    FOR EACH ROW
    WHEN ((OLD.heading, OLD.content) IS DISTINCT FROM (NEW.heading, NEW.content))
    EXECUTE FUNCTION forget_embeddings_of_old_text();

CREATE TRIGGER document_chunks_enqueue_embeddings
    AFTER INSERT OR UPDATE ON document_chunks
    FOR EACH ROW
    WHEN (NEW.embedding_old IS NULL OR NEW.embedding IS NULL)
    EXECUTE FUNCTION enqueue_missing_embeddings();

INSERT INTO jobs (job_type, payload, priority, job_key)
SELECT
    'embed_chunk_${vectorDimension:384}',
    jsonb_build_object('chunk_id', c.id, 'dimensions', ${vectorDimension:384}),
    -10,
    c.id::text
FROM document_chunks AS c
ON CONFLICT (job_type, job_key) WHERE status = 'pending' DO NOTHING;
