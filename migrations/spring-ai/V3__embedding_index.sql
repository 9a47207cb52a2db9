-- The index by which PgVectorStore finds the nearest documents: ORDER BY embedding <=> ? LIMIT n.
--
-- It has the name under which the framework would create it, so that one that is there is kept, and no second is made
-- when its initialize-schema stays on. Built concurrently: a table with rows in it stays writable meanwhile.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY IF NOT EXISTS ${index:spring_ai_vector_index}
    ON "${gangway:schema}".${table:vector_store} USING hnsw (embedding ${type:vector}_${distance:cosine}_ops);
