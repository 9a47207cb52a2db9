DROP INDEX idx_chunks_document_id;
CREATE INDEX idx_chunks_document_id ON document_chunks (document_id);

ALTER TABLE document_chunks DROP COLUMN content_tsv;
