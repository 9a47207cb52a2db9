-- How embeddings are written, kept true, and how caches learn that they have changed.
-- gangway: type=schema
-- gangway: risk=low

-- The model of that name; without a name the default one of these dimensions, or the only one.
CREATE FUNCTION embedding_model_for(model text, dimensions int) RETURNS embedding_models
    LANGUAGE plpgsql STABLE
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    found embedding_models;
    others bigint;
BEGIN
    IF embedding_model_for.model IS NOT NULL THEN
        SELECT m.* INTO found FROM embedding_models m WHERE m.name = embedding_model_for.model;
        IF found.id IS NULL THEN
            RAISE EXCEPTION 'there is no embedding model "%"', embedding_model_for.model
                USING ERRCODE = 'undefined_object', HINT = 'Insert it into embedding_models first.';
        ELSIF found.dimensions <> embedding_model_for.dimensions THEN
            RAISE EXCEPTION 'embeddings of "%" have % dimensions, not %',
                found.name, found.dimensions, embedding_model_for.dimensions
                USING ERRCODE = 'data_exception', HINT = 'Was the embedding made by another model?';
        END IF;
        RETURN found;
    END IF;

    SELECT m.* INTO found FROM embedding_models m
    WHERE m.dimensions = embedding_model_for.dimensions
    ORDER BY m.is_default DESC, m.id
    LIMIT 1;
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'no embedding model has % dimensions', embedding_model_for.dimensions
            USING ERRCODE = 'data_exception', HINT = 'Insert the model into embedding_models first.';
    END IF;
    IF NOT found.is_default THEN
        SELECT count(*) INTO others FROM embedding_models m WHERE m.dimensions = embedding_model_for.dimensions;
        IF others > 1 THEN
            RAISE EXCEPTION '% embedding models have % dimensions, and none of them is the default',
                others, embedding_model_for.dimensions
                USING ERRCODE = 'ambiguous_parameter', HINT = 'Name the model, or set is_default for one of them.';
        END IF;
    END IF;
    RETURN found;
END
$$;

-- Stores the embedding of a source, or of one piece of it, and says what happened:
--   inserted   it is new
--   updated    the content has changed, and the embedding is replaced
--   refreshed  the content is the same, but the embedding had been invalidated: it is replaced
--   metadata   content and embedding are the same, the metadata is not: only that is replaced
--   unchanged  nothing is different, and nothing is written, not even a lock
-- The content tells, not the embedding: the same text embedded twice may differ in the last digit.
-- metadata NULL leaves what is there. content_hash is only needed, and only looked at, where there is no content.
CREATE FUNCTION upsert_embedding(
    source_type text, source_id text, content text, embedding vector,
    model text DEFAULT NULL, chunk_index int DEFAULT 0, metadata jsonb DEFAULT NULL, content_hash bytea DEFAULT NULL
) RETURNS TABLE (id bigint, action text)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    maker embedding_models;
    modality text;
    piece int := coalesce(upsert_embedding.chunk_index, 0);
    hash bytea;
    present record;
BEGIN
    IF upsert_embedding.source_type IS NULL OR upsert_embedding.source_id IS NULL
        OR upsert_embedding.embedding IS NULL
    THEN
        RAISE EXCEPTION 'source_type, source_id and embedding must not be null'
            USING ERRCODE = 'null_value_not_allowed',
                  HINT = 'To have an embedding forgotten, delete its row, or call invalidate_embeddings.';
    END IF;
    maker := embedding_model_for(upsert_embedding.model, vector_dims(upsert_embedding.embedding));
    SELECT t.modality INTO modality FROM embedding_source_types t WHERE t.name = upsert_embedding.source_type;
    IF modality IS NULL THEN
        RAISE EXCEPTION 'there is no source type "%"', upsert_embedding.source_type
            USING ERRCODE = 'undefined_object', HINT = 'Insert it into embedding_source_types first.';
    ELSIF modality <> ALL (maker.modalities) THEN
        RAISE EXCEPTION 'the model "%" makes no embeddings of "%" (%)',
            maker.name, upsert_embedding.source_type, modality
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = format('Name a model of the modality %s, or add that to the model''s modalities.', modality);
    END IF;
    hash := CASE WHEN upsert_embedding.content IS NULL THEN upsert_embedding.content_hash
                 ELSE sha256(convert_to(upsert_embedding.content, 'UTF8')) END;

    -- Again where the row was deleted between the two statements.
    LOOP
        -- First a mere look, which most calls of a repeated import end with.
        SELECT e.id, e.content_hash, e.metadata, e.invalidated_at INTO present
        FROM embeddings e
        WHERE e.model_id = maker.id AND e.source_type = upsert_embedding.source_type
          AND e.source_id = upsert_embedding.source_id AND e.chunk_index = piece;
        IF present.content_hash = hash AND present.invalidated_at IS NULL
            AND (upsert_embedding.metadata IS NULL OR present.metadata = upsert_embedding.metadata)
        THEN
            id := present.id;
            action := 'unchanged';
            RETURN NEXT;
            RETURN;
        END IF;

        -- Another session may have written the row since. Then this waits for it, and compares with what that one wrote.
        INSERT INTO embeddings AS e (model_id, source_type, source_id, chunk_index, content, content_hash, embedding, metadata)
        VALUES (maker.id, upsert_embedding.source_type, upsert_embedding.source_id, piece,
                upsert_embedding.content, hash, upsert_embedding.embedding, coalesce(upsert_embedding.metadata, '{}'))
        ON CONFLICT ON CONSTRAINT embeddings_source_unique DO NOTHING
        RETURNING e.id INTO id;
        IF id IS NOT NULL THEN
            action := 'inserted';
            RETURN NEXT;
            RETURN;
        END IF;

        SELECT e.id, e.content_hash, e.metadata, e.invalidated_at INTO present
        FROM embeddings e
        WHERE e.model_id = maker.id AND e.source_type = upsert_embedding.source_type
          AND e.source_id = upsert_embedding.source_id AND e.chunk_index = piece
        FOR UPDATE;
        CONTINUE WHEN NOT FOUND;

        id := present.id;
        action := CASE WHEN present.content_hash IS DISTINCT FROM hash THEN 'updated'
                       WHEN present.invalidated_at IS NOT NULL THEN 'refreshed'
                       WHEN present.metadata IS DISTINCT FROM
                           coalesce(upsert_embedding.metadata, present.metadata) THEN 'metadata'
                       ELSE 'unchanged' END;
        IF action IN ('updated', 'refreshed') THEN
            UPDATE embeddings e
            SET content = upsert_embedding.content,
                content_hash = hash,
                embedding = upsert_embedding.embedding,
                metadata = coalesce(upsert_embedding.metadata, e.metadata),
                invalidated_at = NULL
            WHERE e.id = present.id;
        ELSIF action = 'metadata' THEN
            UPDATE embeddings e SET metadata = upsert_embedding.metadata WHERE e.id = present.id;
        END IF;
        RETURN NEXT;
        RETURN;
    END LOOP;
END
$$;

-- Whether a source is to be embedded: it is not there, its content has changed, or it was invalidated. Asked before the
-- model is called, which is what costs.
CREATE FUNCTION needs_embedding(
    source_type text, source_id text, content text, model text, chunk_index int DEFAULT 0, content_hash bytea DEFAULT NULL
) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT NOT EXISTS (
        SELECT FROM embeddings e JOIN embedding_models m ON m.id = e.model_id
        WHERE m.name = needs_embedding.model
          AND e.source_type = needs_embedding.source_type
          AND e.source_id = needs_embedding.source_id
          AND e.chunk_index = coalesce(needs_embedding.chunk_index, 0)
          AND e.invalidated_at IS NULL
          AND e.content_hash = coalesce(sha256(convert_to(needs_embedding.content, 'UTF8')),
                                        needs_embedding.content_hash))
$$;

-- Marks embeddings as no longer true: of one source, of all of a type (source_id NULL), of one model or of all (NULL).
-- Searches pass them over until they are embedded again. Says how many there were.
CREATE FUNCTION invalidate_embeddings(source_type text, source_id text DEFAULT NULL, model text DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    marked bigint;
BEGIN
    IF invalidate_embeddings.source_type IS NULL THEN
        RAISE EXCEPTION 'source_type must not be null' USING ERRCODE = 'null_value_not_allowed';
    ELSIF invalidate_embeddings.model IS NOT NULL
        AND NOT EXISTS (SELECT FROM embedding_models m WHERE m.name = invalidate_embeddings.model)
    THEN
        RAISE EXCEPTION 'there is no embedding model "%"', invalidate_embeddings.model
            USING ERRCODE = 'undefined_object';
    END IF;
    UPDATE embeddings e
    SET invalidated_at = now()
    WHERE e.source_type = invalidate_embeddings.source_type
      AND (invalidate_embeddings.source_id IS NULL OR e.source_id = invalidate_embeddings.source_id)
      AND (invalidate_embeddings.model IS NULL
          OR e.model_id = (SELECT m.id FROM embedding_models m WHERE m.name = invalidate_embeddings.model))
      AND e.invalidated_at IS NULL;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END
$$;

-- For triggers on the application's own tables: a row that changes invalidates its embeddings, a row that goes takes
-- them along. Arguments: the source type, and the column that is the source_id.
CREATE FUNCTION invalidate_source_embeddings() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    source text := to_jsonb(OLD) ->> TG_ARGV[1];
BEGIN
    IF source IS NULL THEN
        RAISE EXCEPTION 'the trigger % names the column "%" as source_id, which is not there or null', TG_NAME, TG_ARGV[1]
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM embeddings e WHERE e.source_type = TG_ARGV[0] AND e.source_id = source;
    ELSE
        PERFORM invalidate_embeddings(TG_ARGV[0], source);
    END IF;
    RETURN NULL;
END
$$;

-- Tells caches outside of the database (a process's own, or Redis) what to drop, once for each statement and source type.
-- Delivered when the transaction commits: {"operation": "update", "source_type": "message", "rows": 3}.
CREATE FUNCTION embeddings_notify_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF NOT (SELECT s.notify_changes FROM search_settings s) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('embeddings_changed', json_build_object('operation', 'truncate')::text);
    ELSE
        PERFORM pg_notify('embeddings_changed', json_build_object(
            'operation', lower(TG_OP), 'source_type', c.source_type, 'rows', count(*))::text)
        FROM changed c
        GROUP BY c.source_type;
    END IF;
    RETURN NULL;
END
$$;

-- One for each event: a trigger for several of them cannot see the changed rows.
CREATE TRIGGER embeddings_notify_insert
    AFTER INSERT ON embeddings REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION embeddings_notify_change();
CREATE TRIGGER embeddings_notify_update
    AFTER UPDATE ON embeddings REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION embeddings_notify_change();
CREATE TRIGGER embeddings_notify_delete
    AFTER DELETE ON embeddings REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION embeddings_notify_change();
CREATE TRIGGER embeddings_notify_truncate
    AFTER TRUNCATE ON embeddings
    FOR EACH STATEMENT EXECUTE FUNCTION embeddings_notify_change();

-- What is to be embedded again, the longest invalid first.
CREATE VIEW stale_embeddings AS
SELECT e.id, m.name AS model, e.source_type, e.source_id, e.chunk_index, e.content, e.invalidated_at
FROM embeddings e
JOIN embedding_models m ON m.id = e.model_id
WHERE e.invalidated_at IS NOT NULL
ORDER BY e.invalidated_at, e.id;
