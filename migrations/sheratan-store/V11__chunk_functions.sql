-- How chunks and their embeddings are written.
--
-- document_chunks_${vectorDimension:384} shows the chunks with their embedding of that dimension. Functions read and write through the view
-- of the embedding's own dimension, so that they serve applications of two models side by side while the dimension is
-- being changed: a view holds on to its column, whatever that is renamed to.
-- gangway: type=schema
-- gangway: risk=low

CREATE VIEW document_chunks_${vectorDimension:384} AS
SELECT id, document_id, chunk_index, heading, content, embedding, metadata, created_at, content_tsv
FROM document_chunks;

-- The view for a vector of so many dimensions.
CREATE FUNCTION chunks_of_dimension(dimensions int) RETURNS regclass
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    found regclass := to_regclass('document_chunks_' || dimensions);
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'no embeddings of % dimensions are stored here', dimensions
            USING ERRCODE = 'data_exception',
                  DETAIL = 'There are those of ' || coalesce((
                      SELECT string_agg(substring(c.relname FROM '[0-9]+$'), ' and ' ORDER BY length(c.relname), c.relname)
                      FROM pg_class AS c
                      JOIN pg_class AS t ON t.relnamespace = c.relnamespace
                      WHERE t.oid = 'document_chunks'::regclass
                        AND c.relkind = 'v'
                        AND c.relname ~ '^document_chunks_[0-9]+$'
                  ), 'none') || '.',
                  HINT = 'The dimension is that of the model: gangway.placeholders.vectorDimension.';
    END IF;
    RETURN found;
END
$$;

-- Tells one text of a chunk from another. A worker that computes an embedding says with it which text it is of.
CREATE FUNCTION chunk_text_hash(heading text, content text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(convert_to(coalesce(heading, '') || E'\n' || content, 'UTF8')), 'hex');
$$;

-- Stores the chunk at that place of the document, new or again, and returns its id. Without an embedding it keeps the one
-- that it has if the text is still the same, and has none otherwise.
CREATE FUNCTION store_chunk(
    document_id bigint,
    chunk_index int,
    content text,
    embedding vector DEFAULT NULL,
    heading text DEFAULT NULL,
    metadata jsonb DEFAULT '{}'
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    stored bigint;
BEGIN
    IF store_chunk.embedding IS NULL THEN
        INSERT INTO document_chunks AS c (document_id, chunk_index, heading, content, metadata)
        VALUES ($1, $2, $5, $3, coalesce($6, '{}'))
        ON CONFLICT (document_id, chunk_index) DO UPDATE
        SET heading = EXCLUDED.heading,
            content = EXCLUDED.content,
            metadata = EXCLUDED.metadata,
            embedding = CASE
                WHEN (c.heading, c.content) IS NOT DISTINCT FROM (EXCLUDED.heading, EXCLUDED.content) THEN c.embedding
            END
        RETURNING id INTO stored;
    ELSE
        EXECUTE format(
            'INSERT INTO %s (document_id, chunk_index, heading, content, metadata, embedding)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (document_id, chunk_index) DO UPDATE
             SET heading = EXCLUDED.heading,
                 content = EXCLUDED.content,
                 metadata = EXCLUDED.metadata,
                 embedding = EXCLUDED.embedding
             RETURNING id',
            chunks_of_dimension(vector_dims($4)))
        INTO stored
        USING $1, $2, $5, $3, coalesce($6, '{}'), $4;
    END IF;
    RETURN stored;
END
$$;

-- Stores an embedding that a worker has computed. False: the chunk is gone, or its text is another one by now than that
-- with this chunk_text_hash().
CREATE FUNCTION store_embedding(chunk_id bigint, text_hash text, embedding vector) RETURNS boolean
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    stored bigint;
BEGIN
    IF store_embedding.embedding IS NULL THEN
        RAISE EXCEPTION 'there is no embedding to store' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    EXECUTE format(
        'UPDATE %s SET embedding = $3 WHERE id = $1 AND chunk_text_hash(heading, content) = $2 RETURNING id',
        chunks_of_dimension(vector_dims($3)))
    INTO stored
    USING $1, $2, $3;
    RETURN stored IS NOT NULL;
END
$$;

-- How many chunks have an embedding of each dimension that there is, and how many are still without.
CREATE FUNCTION chunk_dimensions()
RETURNS TABLE (dimensions int, chunks_view regclass, embedded bigint, missing bigint)
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    FOR dimensions, chunks_view IN
        SELECT substring(c.relname FROM '[0-9]+$')::int, c.oid::regclass
        FROM pg_class AS c
        WHERE c.relnamespace = (SELECT t.relnamespace FROM pg_class AS t WHERE t.oid = 'document_chunks'::regclass)
          AND c.relkind = 'v'
          AND c.relname ~ '^document_chunks_[0-9]+$'
        ORDER BY 1
    LOOP
        EXECUTE format('SELECT count(embedding), count(*) - count(embedding) FROM %s', chunks_view)
        INTO embedded, missing;
        RETURN NEXT;
    END LOOP;
END
$$;
