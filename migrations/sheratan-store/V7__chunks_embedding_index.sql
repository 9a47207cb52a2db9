-- Finds the nearest chunks by cosine distance: ORDER BY embedding <=> $1 LIMIT n.
--
-- IVFFlat learns its lists from the rows that are there when it is built; built on an empty table it finds next to
-- nothing. So this waits until there are ivfflatRows chunks with an embedding: with fewer, reading them all is quick and
-- exact. One list for each 1,000 rows up to a million, their square root above, so that each list has far more than the
-- 50 rows that it takes to learn from.
--
-- How many lists that is must be counted, and CREATE INDEX CONCURRENTLY takes only a number that is written down. So it
-- is built with one list, which is right but no faster than no index; then the number is set; then it is built again with
-- it. The table stays writable all the while. Each statement can be repeated, and what a kill leaves behind is cleared
-- away by whoever goes on. IF NOT EXISTS: a change of the dimension may have built an index of this name meanwhile.
-- gangway: type=index
-- gangway: risk=medium
-- gangway: when=(SELECT count(*) FROM (SELECT FROM document_chunks WHERE embedding IS NOT NULL LIMIT ${ivfflatRows:10000}) AS c) >= ${ivfflatRows:10000}

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_chunks_embedding
    ON document_chunks USING ivfflat (embedding vector_cosine_ops)
    WITH (lists = 1);

DO $$
DECLARE
    filled bigint := (SELECT count(embedding) FROM document_chunks);
BEGIN
    EXECUTE format(
        'ALTER INDEX idx_chunks_embedding SET (lists = %s)',
        CASE
            WHEN filled <= 1000000 THEN greatest(filled / 1000, 1)
            ELSE least(sqrt(filled)::bigint, 32768)
        END
    );
END
$$;

REINDEX INDEX CONCURRENTLY idx_chunks_embedding;
