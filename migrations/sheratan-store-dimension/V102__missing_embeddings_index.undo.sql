DROP INDEX CONCURRENTLY IF EXISTS idx_chunks_embedding_missing;
