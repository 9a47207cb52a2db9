DROP INDEX CONCURRENTLY IF EXISTS "${gangway:schema}".${index:spring_ai_vector_index};
