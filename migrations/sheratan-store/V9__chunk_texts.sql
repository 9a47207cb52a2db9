-- What the search by words and store_chunk() need: a text index, and one chunk for each place in a document.
--
-- The new column rewrites a table that was filled by something else before (see "Taking a database over" in the README).
-- idx_chunks_document_id becomes unique with the chunk's place behind the document, and still finds a document's chunks.
-- gangway: type=schema
-- gangway: risk=medium

ALTER TABLE document_chunks
    ADD COLUMN content_tsv tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('${textSearch:english}'::regconfig, coalesce(heading, '')), 'A')
            || setweight(to_tsvector('${textSearch:english}'::regconfig, content), 'B')
    ) STORED;

-- Without fastupdate: its list of what is not yet sorted in would be read through by each search.
CREATE INDEX idx_chunks_content_tsv ON document_chunks USING gin (content_tsv) WITH (fastupdate = off);

DROP INDEX idx_chunks_document_id;
CREATE UNIQUE INDEX idx_chunks_document_id ON document_chunks (document_id, chunk_index);
