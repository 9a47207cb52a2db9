-- The index for filters on one key of the metadata, such as metadataKey("file_name").isEqualTo(…) and isIn(…), in searches
-- and in removeAll(filter): by it the segments of a document are replaced. The framework reads single keys as text,
-- metadata->>'file_name', which a GIN index serves in no form; so each key needs an index of its own.
--
-- ANALYZE, because without statistics on the expression the planner cannot tell how many segments a document has.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY IF NOT EXISTS ${table:embeddings}_metadata_index
    ON "${gangway:schema}".${table:embeddings} ((metadata ->> '${metadataKey:file_name}'));
ANALYZE "${gangway:schema}".${table:embeddings};
