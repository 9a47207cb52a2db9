DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_embedding;
