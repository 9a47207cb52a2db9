-- Search by meaning, and by meaning and words together.
--
-- Both run as the caller, so the policies decide what is found. Both plan each search anew with its values in it
-- (EXECUTE): the planner then sees whether the wish leads to a few rows, which are compared one by one, or to many, for
-- which the vector index is used. An index scan goes on until enough rows have passed the policies and filters.
-- gangway: type=schema
-- gangway: requires=2
-- gangway: risk=low

-- The names and the order of the first parameters, and the first columns, are those that LangChain calls and reads;
-- match_threshold is Supabase's.
CREATE FUNCTION match_documents(
    query_embedding vector,
    match_count     integer DEFAULT 10,
    filter          jsonb DEFAULT '{}',
    match_threshold double precision DEFAULT NULL,
    filter_guild_id text DEFAULT NULL,
    filter_tags     text[] DEFAULT NULL
) RETURNS TABLE (
    id         ${documentIdType:bigint},
    content    text,
    metadata   jsonb,
    similarity double precision,
    guild_id   text,
    title      text,
    source     text,
    is_public  boolean
)
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    -- null as in LangChain's function; unlike there not all rows, which nobody wants to read.
    wanted constant integer := least(coalesce(match_count, 10), 1000);
    -- With filters or policies the index finds rows a little out of order: the nearest are among the first few times as many.
    candidates constant integer := CASE
        WHEN coalesce(filter, '{}') <> '{}' OR filter_guild_id IS NOT NULL OR coalesce(filter_tags, '{}') <> '{}'
            OR row_security_active('documents')
        THEN greatest(wanted, least(4 * wanted, 1000)) ELSE wanted END;
    caller_scan text;
    caller_ef   text;
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'query_embedding is null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF vector_dims(query_embedding) <> ${vectorDimension:1536} THEN
        RAISE EXCEPTION 'query_embedding has % dimensions, documents have ${vectorDimension:1536}',
            vector_dims(query_embedding)
            USING ERRCODE = 'data_exception', HINT = 'Ask with the model that the documents were embedded with.';
    END IF;
    IF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'query_embedding is zero in all dimensions, so it points nowhere'
            USING ERRCODE = 'data_exception';
    END IF;
    IF wanted < 0 THEN
        RAISE EXCEPTION 'match_count is %', wanted USING ERRCODE = 'invalid_parameter_value',
            HINT = 'It is how many documents are wanted: from 0 to 1000, 10 by default.';
    END IF;

    -- Here and not in a SET clause, which an ordinary role may not use for these settings. The argument's type has loaded
    -- pgvector, so they are known by now.
    caller_scan := current_setting('hnsw.iterative_scan');
    caller_ef := current_setting('hnsw.ef_search');
    -- Not in strict order, which drops what it finds late: of a guild with one document in 200, a third of the nearest.
    PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true),
            set_config('hnsw.ef_search', least(1000, greatest(caller_ef::integer, 100, 2 * wanted))::text, true);

    -- The nearest first and nothing else innermost: that is what the vector index can do. A zero vector has no distance.
    -- "+ 0" keeps the planner from believing that they are in order already.
    RETURN QUERY EXECUTE
        'SELECT n.id, n.content, n.metadata, 1 - n.distance, n.guild_id, n.title, n.source, n.is_public
         FROM (SELECT d.*, d.embedding <=> $1 AS distance FROM documents d
               WHERE d.embedding IS NOT NULL'
        || CASE WHEN coalesce(filter, '{}') <> '{}' THEN ' AND d.metadata @> $2' ELSE '' END
        || CASE WHEN filter_guild_id IS NOT NULL THEN ' AND d.guild_id = $3' ELSE '' END
        || CASE WHEN filter_tags <> '{}' THEN ' AND d.tags @> $4' ELSE '' END
        || '   ORDER BY d.embedding <=> $1 LIMIT $5) n
         WHERE n.distance <> ''NaN'' AND ($6 IS NULL OR 1 - n.distance >= $6)
         ORDER BY n.distance + 0, n.id
         LIMIT $7'
        USING query_embedding, filter, filter_guild_id, filter_tags, candidates, match_threshold, wanted;

    PERFORM set_config('hnsw.iterative_scan', caller_scan, true), set_config('hnsw.ef_search', caller_ef, true);
END
$$;
COMMENT ON FUNCTION match_documents(vector, integer, jsonb, double precision, text, text[]) IS
    'The documents that mean most nearly the same, as far as the caller may read them';

-- Reciprocal rank fusion, with Supabase's parameters: a document that is high in one of two lists, or somewhere in both,
-- comes first. Without an embedding it is a text search, without words a search by meaning.
CREATE FUNCTION hybrid_search(
    query_text       text,
    query_embedding  vector,
    match_count      integer DEFAULT 10,
    full_text_weight double precision DEFAULT 1,
    semantic_weight  double precision DEFAULT 1,
    rrf_k            integer DEFAULT 50,
    filter           jsonb DEFAULT '{}',
    filter_guild_id  text DEFAULT NULL
) RETURNS TABLE (
    id         ${documentIdType:bigint},
    content    text,
    metadata   jsonb,
    similarity double precision,
    score      double precision,
    guild_id   text,
    title      text,
    source     text,
    is_public  boolean
)
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    wanted     constant integer := least(coalesce(match_count, 10), 200);
    -- Each list is longer than the result, or what is in the middle of both would be missed.
    candidates constant integer := greatest(2 * wanted, 30);
    -- A line of dashes would be as many negations of negations, and 33 of them an error; a text without end, one too.
    words      constant tsquery := websearch_to_tsquery('${textSearchConfig:english}',
        coalesce(regexp_replace(left(query_text, 10000), '-[^[:alnum:]"]*-', ' ', 'g'), ''));
    conditions constant text :=
        CASE WHEN coalesce(filter, '{}') <> '{}' THEN ' AND d.metadata @> $3' ELSE '' END
        || CASE WHEN filter_guild_id IS NOT NULL THEN ' AND d.guild_id = $4' ELSE '' END;
    no_rows    constant text := 'SELECT NULL::${documentIdType:bigint} AS id, NULL::bigint AS place WHERE false';
    caller_scan text;
    caller_ef   text;
BEGIN
    IF query_embedding IS NULL AND numnode(words) = 0 THEN
        RAISE EXCEPTION 'Neither an embedding nor a word to search for' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF vector_dims(query_embedding) <> ${vectorDimension:1536} THEN
        RAISE EXCEPTION 'query_embedding has % dimensions, documents have ${vectorDimension:1536}',
            vector_dims(query_embedding)
            USING ERRCODE = 'data_exception', HINT = 'Ask with the model that the documents were embedded with.';
    END IF;
    IF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'query_embedding is zero in all dimensions, so it points nowhere'
            USING ERRCODE = 'data_exception';
    END IF;
    -- NaN is greater than every number.
    IF wanted < 0 OR rrf_k < 0 OR full_text_weight < 0 OR semantic_weight < 0
        OR full_text_weight >= 'Infinity' OR semantic_weight >= 'Infinity'
        OR coalesce(full_text_weight, 1) + coalesce(semantic_weight, 1) = 0 THEN
        RAISE EXCEPTION 'match_count %, rrf_k %, full_text_weight %, semantic_weight %', wanted, rrf_k, full_text_weight,
            semantic_weight
            USING ERRCODE = 'invalid_parameter_value', HINT = 'None may be negative or infinite, and one weight has to be above 0.';
    END IF;

    -- null as long as pgvector is not loaded, which a query without an embedding does not do.
    caller_scan := coalesce(current_setting('hnsw.iterative_scan', true), 'off');
    caller_ef := coalesce(current_setting('hnsw.ef_search', true), '40');
    IF query_embedding IS NOT NULL THEN
        PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true),
                set_config('hnsw.ef_search', least(1000, greatest(caller_ef::integer, 100, 2 * candidates))::text, true);
    END IF;

    -- A frequent word is in too many documents to rank them all, and says little: 500 of them have to do.
    RETURN QUERY EXECUTE
        'WITH meaning AS ('
        || CASE WHEN query_embedding IS NULL THEN no_rows ELSE
            'SELECT n.id, row_number() OVER (ORDER BY n.distance + 0, n.id) AS place
             FROM (SELECT d.id, d.embedding <=> $1 AS distance FROM documents d
                   WHERE d.embedding IS NOT NULL' || conditions || '
                   ORDER BY d.embedding <=> $1 LIMIT $10) n
             WHERE n.distance <> ''NaN''
             ORDER BY place LIMIT $5' END
        || '), text AS ('
        || CASE WHEN numnode(words) = 0 THEN no_rows ELSE
            'SELECT n.id, row_number() OVER (ORDER BY n.rank DESC, n.id) AS place
             FROM (SELECT m.id, ts_rank(m.content_tsv, $2) AS rank
                   FROM (SELECT d.id, d.content_tsv FROM documents d
                         WHERE d.content_tsv @@ $2' || conditions || ' LIMIT 500) m
                   ORDER BY rank DESC, m.id LIMIT $5) n' END
        || '), best AS (
             SELECT id, coalesce($6 / ($8 + text.place), 0) + coalesce($7 / ($8 + meaning.place), 0) AS score
             FROM meaning FULL JOIN text USING (id)
             ORDER BY score DESC, id LIMIT $9)
           SELECT d.id, d.content, d.metadata, nullif(1 - (d.embedding <=> $1), ''NaN''), best.score, d.guild_id, d.title,
                  d.source, d.is_public
           FROM best JOIN documents d ON d.id = best.id
           ORDER BY best.score DESC, d.id'
        USING query_embedding, words, filter, filter_guild_id, candidates, coalesce(full_text_weight, 1),
              coalesce(semantic_weight, 1), coalesce(rrf_k, 50), wanted,
              -- As in match_documents.
              CASE WHEN conditions <> '' OR row_security_active('documents')
                   THEN greatest(candidates, least(4 * candidates, 1000)) ELSE candidates END;

    IF query_embedding IS NOT NULL THEN
        PERFORM set_config('hnsw.iterative_scan', caller_scan, true), set_config('hnsw.ef_search', caller_ef, true);
    END IF;
END
$$;
COMMENT ON FUNCTION hybrid_search(text, vector, integer, double precision, double precision, integer, jsonb, text) IS
    'The best documents by meaning and by words together, as far as the caller may read them';

REVOKE ALL ON FUNCTION match_documents(vector, integer, jsonb, double precision, text, text[]),
    hybrid_search(text, vector, integer, double precision, double precision, integer, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_documents(vector, integer, jsonb, double precision, text, text[]),
    hybrid_search(text, vector, integer, double precision, double precision, integer, jsonb, text)
    TO "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
