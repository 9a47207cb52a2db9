-- The pieces of a document that are searched, each with its embedding.
--
-- The placeholder vectorDimension is the embedding model's: 384 (the default) for all-MiniLM-L6-v2, 768 for all-mpnet-base-v2, 1536
-- for text-embedding-ada-002. The column is made with it once; the pack sheratan-store-dimension changes it when there are rows already.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE document_chunks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id bigint NOT NULL
        CONSTRAINT fk_document_chunks_document REFERENCES documents (id) ON DELETE CASCADE,
    chunk_index int NOT NULL,
    heading     text,
    content     text NOT NULL,
    embedding   vector(${vectorDimension:384}),
    metadata    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_chunks_document_id ON document_chunks (document_id);
