-- Finds the nearest chunks by cosine distance: ORDER BY embedding <=> … LIMIT n.
--
-- HNSW needs no rows to learn from, so it may be built before there are any, and each chunk is found as soon as its
-- transaction commits: nothing has to be refreshed. Concurrently, so that a table with rows stays writable meanwhile.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY idx_repair_chunks_embedding ON repair_chunks USING hnsw (embedding vector_cosine_ops);
