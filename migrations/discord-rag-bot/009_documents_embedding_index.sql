-- Finds the nearest documents by cosine distance.
--
-- HNSW in place of the guide's IVFFlat with 100 lists. A bot begins without documents, and IVFFlat has to learn its lists from
-- rows: 5,000 at the least for 100 lists, and anew when the number has doubled. HNSW may be built empty, and finds more of
-- the nearest.
-- gangway: type=index
-- gangway: requires=1
-- gangway: risk=low

CREATE INDEX CONCURRENTLY idx_documents_embedding ON documents USING hnsw (embedding vector_cosine_ops);
