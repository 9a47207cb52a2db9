-- The two data migrations are done. Each write would compute the conditions of these indexes for nothing.
-- gangway: type=index
-- gangway: risk=low

DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_stale_text_search;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_unclean;
