-- A second column for the embeddings of the new model, beside the one in use, and all that keeps both right.
--
-- From here on a chunk has two embeddings, or a job that says which is missing: embed_chunk_<dimensions>, with the chunk's
-- id. Two triggers see to it, whoever writes and however: a changed text loses the embeddings of the old one, and a
-- missing embedding is put into the queue. So the writers of either model write theirs, and a worker of the other model
-- makes up for the other.
--
-- Deferred where the column has the new dimension from the beginning.
-- gangway: type=schema
-- gangway: risk=low
-- gangway: requires=10,11
-- gangway: lock-timeout=1s
-- gangway: when=(SELECT atttypmod FROM pg_attribute WHERE attrelid = 'document_chunks'::regclass AND attname = 'embedding') <> ${newVectorDimension}

DO $$
BEGIN
    IF ${newVectorDimension} NOT BETWEEN 1 AND 2000 THEN
        RAISE EXCEPTION 'newVectorDimension is ${newVectorDimension}'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'An IVFFlat index takes 1 to 2000 dimensions.';
    END IF;
END
$$;

DO $$
DECLARE
    dimensions int := (
        SELECT atttypmod FROM pg_attribute WHERE attrelid = 'document_chunks'::regclass AND attname = 'embedding'
    );
BEGIN
    IF dimensions IS DISTINCT FROM ${vectorDimension:384} THEN
        RAISE EXCEPTION 'embedding has % dimensions, and vectorDimension is ${vectorDimension:384}', dimensions
            USING ERRCODE = 'data_exception',
                  HINT = 'Leave it at the dimension that the table was made with until the old one is dropped.';
    END IF;
END
$$;

ALTER TABLE document_chunks ADD COLUMN embedding_next vector(${newVectorDimension});

CREATE VIEW document_chunks_${newVectorDimension} AS
SELECT id, document_id, chunk_index, heading, content, embedding_next AS embedding, metadata, created_at, content_tsv
FROM document_chunks;

-- An embedding that is written together with the new text stays.
CREATE FUNCTION forget_embeddings_of_old_text() RETURNS trigger
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

-- With the owner's rights: who may write chunks need not be one who may write jobs.
CREATE FUNCTION enqueue_missing_embeddings() RETURNS trigger
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

REVOKE ALL ON FUNCTION enqueue_missing_embeddings() FROM PUBLIC;

CREATE TRIGGER document_chunks_forget_embeddings
    BEFORE UPDATE ON document_chunks
    FOR EACH ROW
    WHEN ((OLD.heading, OLD.content) IS DISTINCT FROM (NEW.heading, NEW.content))
    EXECUTE FUNCTION forget_embeddings_of_old_text();

CREATE TRIGGER document_chunks_enqueue_embeddings
    AFTER INSERT OR UPDATE ON document_chunks
    FOR EACH ROW
    WHEN (NEW.embedding IS NULL OR NEW.embedding_next IS NULL)
    EXECUTE FUNCTION enqueue_missing_embeddings();
