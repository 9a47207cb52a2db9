DROP INDEX CONCURRENTLY IF EXISTS "${gangway:schema}".${table:embeddings}_metadata_index;
