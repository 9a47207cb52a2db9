DROP INDEX CONCURRENTLY IF EXISTS "${gangway:schema}".${table:vector_store}_metadata_index;
