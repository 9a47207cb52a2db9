-- The indexes of documents but the vector index. Concurrently, because there may be many documents already, and in a file of
-- its own, because that cannot be in a transaction.
-- gangway: type=index
-- gangway: requires=1
-- gangway: risk=low

-- A guild's documents: few of all, so that a search in them compares all of them and finds exactly the nearest.
CREATE INDEX CONCURRENTLY idx_documents_guild_id ON documents (guild_id);
CREATE INDEX CONCURRENTLY idx_documents_public ON documents (id) WHERE is_public;
-- Hash, because a source may be longer than a B-tree takes: a data: address, for example.
CREATE INDEX CONCURRENTLY idx_documents_source ON documents USING hash (source);
CREATE INDEX CONCURRENTLY idx_documents_created_at ON documents (created_at);
CREATE INDEX CONCURRENTLY idx_documents_metadata ON documents USING gin (metadata jsonb_path_ops);
CREATE INDEX CONCURRENTLY idx_documents_tags ON documents USING gin (tags);
CREATE INDEX CONCURRENTLY idx_documents_content_tsv ON documents USING gin (content_tsv);
