-- Finds the chunks whose new embedding is missing: what is to be done, and whether all is done. It shrinks to nothing.
-- gangway: type=index
-- gangway: risk=low
-- gangway: requires=101

CREATE INDEX CONCURRENTLY idx_chunks_embedding_missing ON document_chunks (id) WHERE embedding_next IS NULL;
