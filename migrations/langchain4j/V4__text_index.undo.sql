DROP INDEX CONCURRENTLY IF EXISTS "${gangway:schema}".${table:embeddings}_text_fts_gin_index;
