-- The vector index of text-embedding-3-large (3072 dimensions: above 2000 an index takes half precision only), as soon as this model has
-- rows enough (search_settings.hnsw_min_rows). Until then an exact search is fast. Built beside the running application.
--
-- It may be there already, made by rebuild_vector_indexes(), which also takes over from here: other kinds for more rows,
-- and other models.
-- gangway: type=index
-- gangway: risk=low
-- gangway: when=EXISTS (SELECT FROM embeddings WHERE model_id = 4 OFFSET (SELECT hnsw_min_rows - 1 FROM search_settings))
-- gangway: run=background

CREATE INDEX CONCURRENTLY IF NOT EXISTS embeddings_vector_4 ON embeddings
    USING hnsw ((embedding::halfvec(3072)) halfvec_cosine_ops) WITH (m = 16, ef_construction = 64)
    WHERE model_id = 4;
