-- The index by which PgVectorEmbeddingStore finds the nearest segments: ORDER BY embedding <=> '…' LIMIT n.
--
-- The framework itself knows IVFFlat only, and has it off. HNSW needs no rows to learn from, so it is right on an empty
-- table and stays right as the table grows. Built concurrently: a table with rows in it stays writable meanwhile.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY IF NOT EXISTS ${table:embeddings}_hnsw_index
    ON "${gangway:schema}".${table:embeddings} USING hnsw (embedding vector_cosine_ops);
