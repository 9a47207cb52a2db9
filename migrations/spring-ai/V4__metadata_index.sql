-- The index for filter expressions, which PgVectorStore writes as metadata::jsonb @@ '$."country" == "NL"'::jsonpath, in
-- searches and in deletes. On the column itself, which is json, no GIN index is possible; on the same cast as in the
-- framework's SQL it is. jsonb_path_ops serves ==, in, && and ||, and is smaller than the default; comparisons such as
-- > have no index.
--
-- ANALYZE, because without statistics on the expression the planner takes every filter for equally selective.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY IF NOT EXISTS ${table:vector_store}_metadata_index
    ON "${gangway:schema}".${table:vector_store} USING gin ((metadata::jsonb) jsonb_path_ops);
ANALYZE "${gangway:schema}".${table:vector_store};
