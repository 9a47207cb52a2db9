-- Finds the nearest chunks by cosine distance: ORDER BY embedding <=> $1 LIMIT n.
--
-- HNSW rather than IVFFlat, because it needs no rows to learn from and so may be built on an empty table. Built
-- concurrently, so that a table with rows in it stays writable meanwhile; that cannot be in a transaction, hence the
-- file of its own.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY idx_chunks_embedding ON document_chunks USING hnsw (embedding vector_cosine_ops);
