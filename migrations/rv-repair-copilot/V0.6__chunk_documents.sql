-- The metadata of a chunk as the JSON document that applications exchange: out with chunk_metadata, in with
-- upsert_repair_chunk, checked by validate_chunk_metadata.
-- gangway: type=schema
-- gangway: risk=low

-- In UTC and to the microsecond, so that nothing is lost on the way out and in again.
CREATE FUNCTION iso_8601(moment timestamptz)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION is_iso_8601(value text)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF value !~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$' THEN
        RETURN false;
    END IF;
    -- The form fits; whether there is such a day and hour, only the type knows.
    PERFORM value::timestamptz;
    RETURN true;
EXCEPTION
    WHEN data_exception THEN
        RETURN false;
END
$$;

-- Fields that are null are left out. The fields are written out, rather than taken from metadata_fields, because
-- to_jsonb(chunk) would also make text of each embedding.
CREATE FUNCTION chunk_metadata(chunk repair_chunks)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'brand', chunk.brand,
        'component', chunk.component,
        'manualType', chunk.manual_type,
        'year', chunk.year,
        'model', chunk.model,
        'source', chunk.source,
        'chunkIndex', chunk.chunk_index,
        'totalChunks', chunk.total_chunks,
        'fileHash', chunk.file_hash,
        'ingestionDate', iso_8601(chunk.ingestion_date),
        'lastUpdated', iso_8601(chunk.last_updated),
        'confidence', chunk.confidence,
        'language', chunk.language,
        'category', chunk.category,
        'difficulty', chunk.difficulty,
        'estimatedTime', chunk.estimated_time,
        'toolsRequired', chunk.tools_required,
        'safetyLevel', chunk.safety_level,
        'oemPartNumbers', chunk.oem_part_numbers,
        'warrantyInfo', chunk.warranty_info
    ))
$$;

-- Every problem of a metadata document, none if it may be stored; against the fields of the schema version in force.
CREATE FUNCTION validate_chunk_metadata(metadata jsonb)
RETURNS TABLE (field text, problem text)
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    f     metadata_fields;
    value jsonb;
    is_of text;
    n     numeric;
BEGIN
    IF coalesce(jsonb_typeof(metadata), 'null') <> 'object' THEN
        RETURN QUERY SELECT NULL::text, 'metadata is no JSON object, but ' || coalesce(jsonb_typeof(metadata), 'null');
        RETURN;
    END IF;
    FOR f IN SELECT * FROM metadata_fields ORDER BY name LOOP
        value := metadata -> f.name;
        is_of := coalesce(jsonb_typeof(value), 'null');
        n := CASE WHEN is_of = 'number' THEN value::numeric END;
        field := f.name;
        problem := CASE
            WHEN is_of = 'null' AND f.required AND f.default_value IS NULL THEN 'is required'
            WHEN is_of = 'null' THEN NULL
            WHEN f.json_type IN ('integer', 'number') AND is_of <> 'number'
                OR f.json_type NOT IN ('integer', 'number') AND is_of <> f.json_type
                THEN format('must be of type %s, but is of type %s', f.json_type, is_of)
        END;
        IF problem IS NULL AND is_of <> 'null' THEN
            problem := CASE
                WHEN f.json_type = 'string' AND f.required AND (value #>> '{}') !~ '\S' THEN 'must not be blank'
                WHEN f.format = 'date-time' AND NOT is_iso_8601(value #>> '{}')
                    THEN format('must be a time in ISO 8601, but is %s', value)
                WHEN (f.json_type = 'integer' OR f.format = 'int64') AND n <> trunc(n)
                    THEN format('must be a whole number, but is %s', value)
                WHEN n < f.minimum
                    THEN format('must not be below %s, but is %s', f.minimum, value)
                WHEN n > f.maximum
                    THEN format('must not be above %s, but is %s', f.maximum, value)
                WHEN f.allowed_values IS NOT NULL AND (value #>> '{}') <> ALL (f.allowed_values)
                    THEN format('must be one of %s, but is %s', array_to_string(f.allowed_values, ', '), value)
                WHEN is_of = 'string' AND octet_length(value #>> '{}') > f.max_bytes
                    OR f.name = 'source' AND length(value #>> '{}') > 500
                    THEN 'is too long'
                WHEN f.json_type = 'integer' AND abs(n) > 2147483647
                    OR f.json_type = 'number' AND abs(n) > 1e308
                    OR f.format = 'int64' AND abs(n) > 9223372036854775807
                    THEN format('is too large: %s', value)
                WHEN is_of = 'array' AND jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string")')
                    THEN 'must hold strings only'
                WHEN is_of = 'array'
                    AND EXISTS (SELECT FROM jsonb_array_elements_text(value) e WHERE octet_length(e) > f.max_bytes)
                    THEN 'holds an entry that is too long'
            END;
        END IF;
        IF problem IS NOT NULL THEN
            RETURN NEXT;
        END IF;
    END LOOP;
    IF jsonb_typeof(metadata -> 'chunkIndex') = 'number' AND jsonb_typeof(metadata -> 'totalChunks') = 'number'
        AND (metadata -> 'chunkIndex')::numeric >= (metadata -> 'totalChunks')::numeric THEN
        RETURN QUERY SELECT 'chunkIndex'::text, 'must be below totalChunks';
    END IF;
    RETURN QUERY
        SELECT key, 'is no field of this schema version'
        FROM jsonb_object_keys(metadata) AS key
        WHERE NOT EXISTS (SELECT FROM metadata_fields m WHERE m.name = key)
        ORDER BY key;
END
$$;

-- Stores a chunk under its source and chunkIndex, in the place of the one that is there; returns its id. A field that
-- the document does not have gets its default. An embedding stays as long as its text does.
CREATE FUNCTION upsert_repair_chunk(chunk_content text, metadata jsonb, chunk_embedding vector DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql
-- A time without an offset is one in UTC, wherever the session is.
SET timezone = 'UTC'
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    problems    text;
    columns     text;
    expressions text;
    updates     text;
    stored      bigint;
BEGIN
    SELECT string_agg(coalesce(v.field || ' ', '') || v.problem, '; ') INTO problems
    FROM validate_chunk_metadata(metadata) v;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'the metadata of the chunk is not valid: %', problems
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'SELECT * FROM validate_chunk_metadata(…) returns each problem as a row.';
    END IF;

    SELECT string_agg(', ' || quote_ident(f.column_name), '' ORDER BY f.name),
           string_agg(', ' || CASE
               WHEN f.json_type = 'array'
                   THEN format('ARRAY(SELECT jsonb_array_elements_text($2 -> %L))', f.name)
               WHEN f.json_type = 'object' THEN format('$2 -> %L', f.name)
               -- By way of numeric: JSON may write a whole number as 12.0.
               WHEN f.json_type = 'integer' THEN format('($2 ->> %L)::numeric::integer', f.name)
               WHEN f.format = 'int64' THEN format('($2 ->> %L)::numeric::bigint', f.name)
               -- What is nearer to zero than the type can tell is zero.
               WHEN f.json_type = 'number' THEN format('round(($2 ->> %L)::numeric, 300)::double precision', f.name)
               WHEN f.json_type = 'boolean' THEN format('($2 ->> %L)::boolean', f.name)
               WHEN f.format = 'date-time' THEN format('($2 ->> %L)::timestamptz', f.name)
               ELSE format('$2 ->> %L', f.name)
           END, '' ORDER BY f.name)
    INTO columns, expressions
    FROM metadata_fields f
    WHERE jsonb_typeof(metadata -> f.name) <> 'null';

    SELECT string_agg(format(', %1$I = excluded.%1$I', f.column_name), '' ORDER BY f.name) INTO updates
    FROM metadata_fields f
    WHERE f.name NOT IN ('source', 'chunkIndex', 'lastUpdated');

    EXECUTE format(
        'INSERT INTO repair_chunks AS c (content, embedding%s) VALUES ($1, $3%s)
         ON CONFLICT (source, chunk_index) DO UPDATE SET content = excluded.content,
             embedding = coalesce(excluded.embedding, c.embedding),
             last_updated = coalesce(excluded.last_updated, now())%s
         RETURNING id', columns, expressions, updates)
    INTO stored
    USING chunk_content, metadata, chunk_embedding;
    RETURN stored;
END
$$;

-- What waits for an embedding. content_md5 goes back to store_embedding with the result.
CREATE VIEW chunks_without_embedding AS
SELECT id, source, chunk_index, language, content, md5(content) AS content_md5
FROM repair_chunks
WHERE embedding IS NULL;

-- Stores what the application has computed. False, and nothing stored, when the chunk is gone, or when its text is no
-- longer the one whose MD5 is given: somebody has changed it while the model was at work.
CREATE FUNCTION store_embedding(chunk_id bigint, chunk_embedding vector, of_content_md5 text DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF chunk_embedding IS NULL THEN
        RAISE EXCEPTION 'chunk_embedding is null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    UPDATE repair_chunks c
    SET embedding = chunk_embedding
    WHERE c.id = chunk_id
      AND (of_content_md5 IS NULL OR md5(c.content) = of_content_md5);
    RETURN FOUND;
END
$$;
