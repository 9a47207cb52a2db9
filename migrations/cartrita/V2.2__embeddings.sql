-- One table for the embeddings of all sources, models and dimensions.
--
-- The column has no dimensions of its own: each row is held to those of its model by the foreign key on
-- (model_id, dimensions). Vector indexes are made per model, over embedding::vector(n), WHERE model_id = m.
-- A source is named by type and text, not by a foreign key: it may be in any table, or outside of the database.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE embeddings (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id       int NOT NULL,
    source_type    text NOT NULL
        CONSTRAINT fk_embeddings_source_type REFERENCES embedding_source_types (name) ON UPDATE CASCADE,
    source_id      text NOT NULL,
    chunk_index    int NOT NULL DEFAULT 0
        CONSTRAINT embeddings_chunk_index_not_negative CHECK (chunk_index >= 0),
    -- Null where there is no text, as of a picture without a caption.
    content        text,
    -- SHA-256 of what was embedded: of content where there is one (kept by trigger), else of the file, given by the caller.
    content_hash   bytea NOT NULL
        CONSTRAINT embeddings_content_hash_is_sha256 CHECK (octet_length(content_hash) = 32),
    -- A tsvector holds a megabyte at most, so only the beginning of a very long content is searched by its words.
    content_tsv    tsvector GENERATED ALWAYS AS
        (to_tsvector('${textSearchConfig:english}'::regconfig, coalesce(left(content, 250000), ''))) STORED,
    embedding      vector NOT NULL
        -- A vector without a direction has no cosine distance to anything, and is left out of vector indexes.
        CONSTRAINT embeddings_embedding_not_zero CHECK (vector_norm(embedding) > 0),
    dimensions     int GENERATED ALWAYS AS (vector_dims(embedding)) STORED,
    metadata       jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT embeddings_metadata_is_object CHECK (jsonb_typeof(metadata) = 'object'),
    -- Since when the embedding no longer tells what its source says. Searches pass such rows over.
    invalidated_at timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT embeddings_source_unique UNIQUE (model_id, source_type, source_id, chunk_index),
    CONSTRAINT fk_embeddings_model FOREIGN KEY (model_id, dimensions) REFERENCES embedding_models (id, dimensions)
);

CREATE INDEX idx_embeddings_source ON embeddings (source_type, source_id);
CREATE INDEX idx_embeddings_content ON embeddings USING gin (content_tsv);
CREATE INDEX idx_embeddings_metadata ON embeddings USING gin (metadata jsonb_path_ops);
-- What is to be embedded again.
CREATE INDEX idx_embeddings_invalidated ON embeddings (invalidated_at) WHERE invalidated_at IS NOT NULL;

-- The hash is made here and not in upsert_embedding, so that it is right whoever writes.
CREATE FUNCTION embeddings_before_write() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF NEW.content IS NOT NULL THEN
        NEW.content_hash := sha256(convert_to(NEW.content, 'UTF8'));
    ELSIF NEW.content_hash IS NULL THEN
        RAISE EXCEPTION 'an embedding without content needs the content_hash of what was embedded'
            USING ERRCODE = 'not_null_violation',
                  HINT = 'Give the SHA-256 of the file, as 32 bytes.';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER embeddings_before_write
    BEFORE INSERT OR UPDATE ON embeddings
    FOR EACH ROW EXECUTE FUNCTION embeddings_before_write();
