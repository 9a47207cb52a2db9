-- The nearest chunks by cosine distance. HNSW rather than IVFFlat, because it needs no rows to learn from.
--
-- halfvec: half the size of vector, and up to 4000 dimensions instead of 2000. A file of its own, because this build takes
-- longest of all; what fails here does not touch the indexes of 003.
-- gangway: type=index
-- gangway: requires=1
-- gangway: risk=low

CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_knowledge_base_embedding_idx"
    ON "${prefix:}woo_ai_knowledge_base" USING hnsw (embedding halfvec_cosine_ops);
