-- The new embeddings become "embedding", the old ones "embedding_old", in one short transaction that changes names only.
--
-- The functions do not notice: they read and write through the view of each embedding's own dimension, and a view holds
-- on to its column. The triggers' functions name columns, and nobody can be in them while the table is locked. Statements
-- that name the column embedding themselves find the new one from here on.
-- gangway: type=schema
-- gangway: risk=medium
-- gangway: requires=104
-- gangway: lock-timeout=1s
-- gangway: when=(SELECT count(*) FROM (SELECT FROM document_chunks WHERE embedding_next IS NULL LIMIT ${missingEmbeddings:0} + 1) AS c) <= ${missingEmbeddings:0}

LOCK TABLE document_chunks IN ACCESS EXCLUSIVE MODE;

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

ALTER TABLE document_chunks RENAME COLUMN embedding TO embedding_old;
ALTER TABLE document_chunks RENAME COLUMN embedding_next TO embedding;

-- There is none as long as there were too few rows for one.
ALTER INDEX IF EXISTS idx_chunks_embedding RENAME TO idx_chunks_embedding_old;
ALTER INDEX idx_chunks_embedding_next RENAME TO idx_chunks_embedding;

CREATE OR REPLACE FUNCTION forget_embeddings_of_old_text() RETURNS trigger
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

CREATE OR REPLACE FUNCTION enqueue_missing_embeddings() RETURNS trigger
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
