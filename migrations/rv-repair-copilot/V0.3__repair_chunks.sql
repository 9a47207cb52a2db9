-- The chunks of the repair manuals: text, embedding, and the metadata of schema version 1.0.0 in one column a field.
-- gangway: type=schema
-- gangway: risk=low

-- Words are stemmed in the chunk's language: a tag such as en or fr-CA. 'simple' takes words as they are written.
CREATE FUNCTION chunk_text_search_config(language text)
RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT CASE lower(split_part(language, '-', 1))
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        ELSE 'pg_catalog.simple'::regconfig
    END
$$;

-- What is found by its words: brand, model and component weigh more than the text.
CREATE FUNCTION chunk_search_vector(language text, brand text, model text, component text, content text)
RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT setweight(
               to_tsvector(chunk_text_search_config(language), brand || ' ' || coalesce(model, '') || ' ' || component),
               'A')
        || to_tsvector(chunk_text_search_config(language), content)
$$;

CREATE TABLE repair_chunks (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content          text NOT NULL
        -- A tsvector holds at most 1 MB.
        CONSTRAINT repair_chunks_content_size CHECK (content ~ '\S' AND length(content) <= 100000),
    -- text-embedding-ada-002. Null until the application has computed it.
    embedding        vector(1536)
        -- A zero vector has no direction: cosine indexes leave it out, so it would never be found.
        CONSTRAINT repair_chunks_embedding_not_zero CHECK (vector_norm(embedding) > 0),
    brand            text NOT NULL
        CONSTRAINT repair_chunks_brand_not_blank CHECK (brand ~ '\S'),
    component        text NOT NULL
        CONSTRAINT repair_chunks_component_not_blank CHECK (component ~ '\S'),
    manual_type      text NOT NULL DEFAULT 'service',
    year             integer
        CONSTRAINT repair_chunks_year_range CHECK (year BETWEEN 1980 AND 2030),
    model            text,
    source           text NOT NULL
        CONSTRAINT repair_chunks_source_size CHECK (source ~ '\S' AND length(source) <= 500),
    chunk_index      integer NOT NULL,
    total_chunks     integer NOT NULL,
    file_hash        text NOT NULL
        CONSTRAINT repair_chunks_file_hash_not_blank CHECK (file_hash ~ '\S'),
    ingestion_date   timestamptz NOT NULL,
    last_updated     timestamptz,
    confidence       double precision
        CONSTRAINT repair_chunks_confidence_range CHECK (confidence BETWEEN 0.0 AND 1.0),
    language         text DEFAULT 'en',
    category         text,
    difficulty       text,
    estimated_time   text,
    tools_required   text[],
    safety_level     text,
    oem_part_numbers text[],
    warranty_info    text,
    content_tsv      tsvector NOT NULL
        GENERATED ALWAYS AS (chunk_search_vector(language, brand, model, component, content)) STORED,
    CONSTRAINT repair_chunks_one_per_place UNIQUE (source, chunk_index),
    CONSTRAINT repair_chunks_index_below_total CHECK (chunk_index >= 0 AND chunk_index < total_chunks)
);

-- In the row, as far as it fits, while long texts move out. Kept outside, as is the default for 6 kB, embeddings count
-- for nothing in the planner's estimates: it would rather read and sort the whole table than use the vector index.
ALTER TABLE repair_chunks ALTER COLUMN embedding SET STORAGE MAIN;

CREATE INDEX idx_repair_chunks_content_tsv ON repair_chunks USING gin (content_tsv);

-- The chunks that wait for an embedding, without a look at the others.
CREATE INDEX idx_repair_chunks_without_embedding ON repair_chunks (id) WHERE embedding IS NULL;

COMMENT ON TABLE repair_chunks IS 'Chunks of RV repair manuals with their embeddings and metadata.';
COMMENT ON COLUMN repair_chunks.source IS 'The manual, such as its file name or URL; with chunk_index the natural key.';
COMMENT ON COLUMN repair_chunks.file_hash IS 'Hash of the file that the chunk was cut from, the same for all of a source.';

-- An embedding belongs to one text. A chunk whose text changes waits for a new one.
CREATE FUNCTION forget_embedding_of_changed_content()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF NEW.content <> OLD.content THEN
        IF NEW.embedding IS NOT DISTINCT FROM OLD.embedding THEN
            NEW.embedding := NULL;
        END IF;
        IF NEW.last_updated IS NOT DISTINCT FROM OLD.last_updated THEN
            NEW.last_updated := now();
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER repair_chunks_content_changed
    BEFORE UPDATE OF content ON repair_chunks
    FOR EACH ROW EXECUTE FUNCTION forget_embedding_of_changed_content();
