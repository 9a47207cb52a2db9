DROP INDEX CONCURRENTLY IF EXISTS "${gangway:schema}".${table:embeddings}_hnsw_index;
