-- The index over the new embeddings, built beside all traffic: like the first one in three statements, because the number
-- of lists is that of the rows (see V7 of sheratan-store).
--
-- Waits until every chunk has its new embedding: IVFFlat learns from what is there. Where writers of the old model never
-- pause, a few are always on their way through the queue; missingEmbeddings says how many may be.
-- gangway: type=index
-- gangway: risk=medium
-- gangway: requires=103
-- gangway: when=(SELECT count(*) FROM (SELECT FROM document_chunks WHERE embedding_next IS NULL LIMIT ${missingEmbeddings:0} + 1) AS c) <= ${missingEmbeddings:0}

CREATE INDEX CONCURRENTLY idx_chunks_embedding_next
    ON document_chunks USING ivfflat (embedding_next vector_cosine_ops)
    WITH (lists = 1);

DO $$
DECLARE
    filled bigint := (SELECT count(embedding_next) FROM document_chunks);
BEGIN
    EXECUTE format(
        'ALTER INDEX idx_chunks_embedding_next SET (lists = %s)',
        CASE
            WHEN filled <= 1000000 THEN greatest(filled / 1000, 1)
            ELSE least(sqrt(filled)::bigint, 32768)
        END
    );
END
$$;

REINDEX INDEX CONCURRENTLY idx_chunks_embedding_next;
