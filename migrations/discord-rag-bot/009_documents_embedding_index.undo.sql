DROP INDEX CONCURRENTLY IF EXISTS idx_documents_embedding;
