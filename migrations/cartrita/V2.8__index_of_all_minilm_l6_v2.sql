-- The vector index of all-MiniLM-L6-v2 (384 dimensions), as soon as this model has
-- rows enough (search_settings.hnsw_min_rows). Until then an exact search is fast. Built beside the running application.
--
-- It may be there already, made by rebuild_vector_indexes(), which also takes over from here: other kinds for more rows,
-- and other models.
-- gangway: type=index
-- gangway: risk=low
-- gangway: when=EXISTS (SELECT FROM embeddings WHERE model_id = 1 OFFSET (SELECT hnsw_min_rows - 1 FROM search_settings))
-- gangway: run=background

CREATE INDEX CONCURRENTLY IF NOT EXISTS embeddings_vector_1 ON embeddings
    USING hnsw ((embedding::vector(384)) vector_cosine_ops) WITH (m = 16, ef_construction = 64)
    WHERE model_id = 1;
