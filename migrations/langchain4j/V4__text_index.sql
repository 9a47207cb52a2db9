-- The index for the words of a question, in the search mode HYBRID. The name and the expression are those of the framework,
-- which has the text search configuration as a literal in its SQL: an index for another one does not serve it.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY IF NOT EXISTS ${table:embeddings}_text_fts_gin_index
    ON "${gangway:schema}".${table:embeddings}
    USING gin (to_tsvector('${textSearchConfig:simple}', coalesce(text, '')));
