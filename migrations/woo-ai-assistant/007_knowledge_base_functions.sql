-- Filling and searching the knowledge base.
-- gangway: type=schema
-- gangway: requires=1,3,4
-- gangway: risk=low

-- Stores a chunk once, however often it is indexed, and returns its id. Without an embedding a known one stays, so a content
-- can be indexed again without asking the model about text that has not changed. What is the same already is not written.
CREATE FUNCTION "${prefix:}woo_ai_upsert_chunk"(
    content_type    text,
    content_id      bigint,
    chunk_index     int,
    chunk_text      text,
    embedding       halfvec DEFAULT NULL,
    title           text DEFAULT NULL,
    embedding_model text DEFAULT NULL,
    metadata        jsonb DEFAULT '{}') RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    hash  text := "${prefix:}woo_ai_chunk_hash"($1, $2, $4);
    chunk bigint;
BEGIN
    LOOP
        INSERT INTO "${prefix:}woo_ai_knowledge_base" AS k
            (content_type, content_id, chunk_index, chunk_text, embedding, title, embedding_model, metadata)
        VALUES ($1, $2, coalesce($3, 0), $4, $5, $6, $7, coalesce($8, '{}'))
        ON CONFLICT (chunk_hash) DO UPDATE
        SET chunk_index     = excluded.chunk_index,
            embedding       = coalesce(excluded.embedding, k.embedding),
            title           = excluded.title,
            -- The model's name goes with the embedding that it has made.
            embedding_model = CASE
                WHEN excluded.embedding IS NULL AND k.embedding IS NOT NULL THEN k.embedding_model
                ELSE coalesce(excluded.embedding_model, k.embedding_model)
            END,
            metadata        = excluded.metadata
        WHERE (k.chunk_index, k.title, k.metadata) IS DISTINCT FROM (excluded.chunk_index, excluded.title, excluded.metadata)
           OR (excluded.embedding IS NOT NULL AND k.embedding IS DISTINCT FROM excluded.embedding)
           OR ((excluded.embedding IS NOT NULL OR k.embedding IS NULL)
               AND excluded.embedding_model IS NOT NULL AND k.embedding_model IS DISTINCT FROM excluded.embedding_model)
        RETURNING k.id INTO chunk;
        IF chunk IS NULL THEN
            SELECT k.id INTO chunk FROM "${prefix:}woo_ai_knowledge_base" k WHERE k.chunk_hash = hash;
        END IF;
        -- Somebody deleted it between the two statements: once more.
        EXIT WHEN chunk IS NOT NULL;
    END LOOP;
    RETURN chunk;
END $$;

-- Removes the chunks of a content except for those, after it was indexed again; all of them when it is gone or hidden.
CREATE FUNCTION "${prefix:}woo_ai_remove_chunks"(content_type text, content_id bigint, keep bigint[] DEFAULT '{}') RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    removed bigint;
BEGIN
    -- With a null in the list, no chunk is surely none of the list's, and nothing would be removed without a word.
    IF array_position(keep, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'keep has a null in it' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    DELETE FROM "${prefix:}woo_ai_knowledge_base" k
    WHERE k.content_type = $1 AND k.content_id = $2 AND k.id <> ALL (coalesce(keep, '{}'));
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;

-- The nearest chunks and their cosine distance; what both searches are made of.
CREATE FUNCTION "${prefix:}woo_ai_nearest_chunks"(query_embedding halfvec, content_types text[], wanted int)
    RETURNS TABLE (chunk_id bigint, distance double precision)
    -- Without it 1000 rows are assumed, and all chunks are read to join them with ten.
    LANGUAGE plpgsql ROWS 40
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    callers_ef_search      text := current_setting('hnsw.ef_search', true);
    callers_iterative_scan text := current_setting('hnsw.iterative_scan', true);
    candidates             int := greatest(wanted, least(4 * wanted::bigint, 1000));
    chunks                 bigint[];
    distances              double precision[];
BEGIN
    IF query_embedding IS NULL OR wanted < 1 THEN
        RETURN;
    ELSIF vector_dims(query_embedding) <> ${dimension:1536} THEN
        RAISE EXCEPTION 'expected ${dimension:1536} dimensions, not %', vector_dims(query_embedding)
            USING ERRCODE = 'data_exception', HINT = 'Ask with an embedding of the model that the chunks were embedded with.';
    ELSIF l2_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'an embedding of length zero is near to nothing' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Not as SET clauses of the function: those are refused to ordinary roles as long as the session has not used pgvector.
    -- Iterative scans go on until there are rows enough, whatever the filter leaves out. In strict order they drop what they
    -- find late: of a type of one chunk in 200, a third of the nearest. In relaxed order the nearest are among the first few
    -- times as many, to be sorted; "+ 0" keeps the planner from believing that they are sorted already.
    PERFORM set_config('hnsw.ef_search', least(greatest(200, 4 * wanted::bigint), 1000)::text, true),
            set_config('hnsw.iterative_scan', 'relaxed_order', true);
    IF content_types IS NULL THEN
        SELECT array_agg(n.id ORDER BY n.distance + 0, n.id), array_agg(n.distance ORDER BY n.distance + 0, n.id)
        INTO chunks, distances
        FROM (SELECT k.id, k.embedding <=> query_embedding AS distance
              FROM "${prefix:}woo_ai_knowledge_base" k
              WHERE k.embedding IS NOT NULL
              ORDER BY k.embedding <=> query_embedding
              LIMIT wanted) n;
    ELSE
        SELECT array_agg(n.id ORDER BY n.distance, n.id), array_agg(n.distance ORDER BY n.distance, n.id)
        INTO chunks, distances
        FROM (SELECT c.id, c.distance
              FROM (SELECT k.id, k.embedding <=> query_embedding AS distance
                    FROM "${prefix:}woo_ai_knowledge_base" k
                    WHERE k.embedding IS NOT NULL AND k.content_type = ANY (content_types)
                    ORDER BY k.embedding <=> query_embedding
                    LIMIT candidates) c
              ORDER BY c.distance + 0, c.id
              LIMIT wanted) n;
    END IF;
    PERFORM set_config('hnsw.ef_search', coalesce(callers_ef_search, '40'), true),
            set_config('hnsw.iterative_scan', coalesce(callers_iterative_scan, 'off'), true);

    -- The scan of the index gives up after hnsw.max_scan_tuples. Then the type is rare, and the index on it leads to all of its
    -- chunks; "+ 0" keeps the vector index out of it.
    IF coalesce(cardinality(chunks), 0) < wanted THEN
        SELECT array_agg(n.id ORDER BY n.distance, n.id), array_agg(n.distance ORDER BY n.distance, n.id)
        INTO chunks, distances
        FROM (SELECT k.id, k.embedding <=> query_embedding AS distance
              FROM "${prefix:}woo_ai_knowledge_base" k
              WHERE k.embedding IS NOT NULL AND (content_types IS NULL OR k.content_type = ANY (content_types))
              ORDER BY (k.embedding <=> query_embedding) + 0, k.id
              LIMIT wanted) n;
    END IF;
    RETURN QUERY SELECT * FROM unnest(chunks, distances);
END $$;

-- The nearest chunks, of some content types or of all (null). At most 1000; null means 10.
CREATE FUNCTION "${prefix:}woo_ai_search_knowledge_base"(
    query_embedding halfvec,
    content_types   text[] DEFAULT NULL,
    match_count     int DEFAULT 10)
    RETURNS TABLE (
        id bigint, content_type text, content_id bigint, chunk_index int, title text, chunk_text text, metadata jsonb,
        similarity double precision)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'query_embedding is null' USING ERRCODE = 'null_value_not_allowed';
    ELSIF match_count < 0 THEN
        RAISE EXCEPTION 'match_count is %', match_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT k.id, k.content_type, k.content_id, k.chunk_index, k.title, k.chunk_text, k.metadata, 1 - n.distance
    FROM "${prefix:}woo_ai_nearest_chunks"(query_embedding, content_types, least(coalesce(match_count, 10), 1000)) n
    JOIN "${prefix:}woo_ai_knowledge_base" k ON k.id = n.chunk_id
    ORDER BY n.distance, k.id;
END $$;

-- Nearest chunks and full text together, joined by their ranks (reciprocal rank fusion). The text may be anything that a user
-- types, of which the first 10000 characters are looked at; "quoted phrases", or and -without are understood. A side with nothing to ask for is left out: no embedding, or
-- no text but stop words.
CREATE FUNCTION "${prefix:}woo_ai_hybrid_search_knowledge_base"(
    query_text       text,
    query_embedding  halfvec,
    content_types    text[] DEFAULT NULL,
    match_count      int DEFAULT 10,
    full_text_weight double precision DEFAULT 1,
    semantic_weight  double precision DEFAULT 1,
    rrf_k            int DEFAULT 60)
    RETURNS TABLE (
        id bigint, content_type text, content_id bigint, chunk_index int, title text, chunk_text text, metadata jsonb,
        similarity double precision, score double precision)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    wanted     int := least(coalesce(match_count, 10), 1000);
    -- Each side offers more than are wanted: what is in the middle of both may come out on top.
    candidates int := CASE WHEN wanted = 0 THEN 0 ELSE least(greatest(2 * wanted, 40), 1000) END;
    text_query tsquery;
BEGIN
    IF query_text IS NULL AND query_embedding IS NULL THEN
        RAISE EXCEPTION 'neither query_text nor query_embedding is given' USING ERRCODE = 'null_value_not_allowed';
    ELSIF match_count < 0 OR full_text_weight < 0 OR semantic_weight < 0 OR rrf_k < 0 THEN
        RAISE EXCEPTION 'match_count, weights and rrf_k cannot be negative' USING ERRCODE = 'invalid_parameter_value';
    ELSIF 'NaN' IN (full_text_weight, semantic_weight) THEN
        RAISE EXCEPTION 'a weight is not a number' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A line of dashes would be as many negations of negations, and 33 of them an error; a text without end, one too.
    text_query := websearch_to_tsquery('${textSearchConfig:english}'::regconfig,
        coalesce(regexp_replace(left(query_text, 10000), '-[^[:alnum:]"]*-', ' ', 'g'), ''));
    RETURN QUERY
    WITH semantic AS (
        SELECT n.chunk_id, n.distance, row_number() OVER (ORDER BY n.distance, n.chunk_id) AS place
        FROM "${prefix:}woo_ai_nearest_chunks"(query_embedding, content_types, candidates) n
    ), full_text AS (
        SELECT r.chunk_id, row_number() OVER (ORDER BY r.relevance DESC, r.chunk_id) AS place
        FROM (SELECT m.chunk_id, ts_rank(m.content_tsv, text_query) AS relevance
              -- A word that is in every second chunk says little about any of them: only so many are ranked.
              FROM (SELECT k.id AS chunk_id, k.content_tsv
                    FROM "${prefix:}woo_ai_knowledge_base" k
                    WHERE k.content_tsv @@ text_query
                      AND (content_types IS NULL OR k.content_type = ANY (content_types))
                    LIMIT 10 * candidates) m
              ORDER BY relevance DESC, m.chunk_id
              LIMIT candidates) r
    ), fused AS (
        SELECT coalesce(s.chunk_id, f.chunk_id) AS chunk_id,
               coalesce(coalesce(semantic_weight, 1) / (coalesce(rrf_k, 60) + s.place), 0)
               + coalesce(coalesce(full_text_weight, 1) / (coalesce(rrf_k, 60) + f.place), 0) AS score
        FROM semantic s
        FULL JOIN full_text f ON f.chunk_id = s.chunk_id
        ORDER BY 2 DESC, 1
        LIMIT wanted
    )
    SELECT k.id, k.content_type, k.content_id, k.chunk_index, k.title, k.chunk_text, k.metadata,
           1 - (k.embedding <=> query_embedding), u.score
    FROM fused u
    JOIN "${prefix:}woo_ai_knowledge_base" k ON k.id = u.chunk_id
    ORDER BY u.score DESC, u.chunk_id;
END $$;
