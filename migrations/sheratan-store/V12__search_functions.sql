-- The two searches: by meaning, and by meaning and words.
--
-- The statement that ranks by distance is the innermost one, on the bare column and with a LIMIT, because only so an index
-- serves it. It is put together for each call: so it is planned for the very filter and number of rows, and for the view
-- of the embedding's own dimension. Settings of the index hold for that statement only; the caller's are put back.
-- gangway: type=schema
-- gangway: risk=low

-- How many lists to look into: the square root of their number, and at least minProbes. With few lists, each of them holds
-- the neighbours of many, and the square root alone finds too little. Up to minProbes lists the search is exact. The most
-- lists of any IVFFlat index of the chunks count; 100 is pgvector's default.
CREATE FUNCTION ivfflat_probes() RETURNS int
LANGUAGE sql STABLE
SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT least(greatest(ceil(sqrt(coalesce(max(o.lists), 1)))::int, ${minProbes:8}), 32768)
    FROM pg_index AS x
    JOIN pg_class AS c ON c.oid = x.indexrelid
    JOIN pg_am AS a ON a.oid = c.relam
    CROSS JOIN LATERAL (
        SELECT coalesce(max(option_value::int), 100) AS lists
        FROM pg_options_to_table(c.reloptions)
        WHERE option_name = 'lists'
    ) AS o
    WHERE x.indrelid = 'document_chunks'::regclass
      AND x.indisvalid
      AND a.amname = 'ivfflat';
$$;

-- The nearest chunks by cosine distance. The scan goes on into further lists until enough rows have passed the filters;
-- then rows may come a little out of order (relaxed_order), hence the second sort, whose "+ 0" keeps the planner from
-- believing that they are sorted already. Without enable_seqscan = off a small index that is looked into nearly as a whole
-- is passed over for the table, which is many times larger; a btree that fits the filter is still taken where that is
-- cheaper.
CREATE FUNCTION nearest_chunks(
    query_embedding vector,
    match_count int,
    in_document bigint DEFAULT NULL,
    in_source text DEFAULT NULL,
    having_metadata jsonb DEFAULT NULL
) RETURNS TABLE (chunk_id bigint, distance double precision)
LANGUAGE plpgsql STABLE ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    chunks regclass;
    filters text := '';
    wanted_probes int := ivfflat_probes();
    probes text := current_setting('ivfflat.probes', true);
    iterative_scan text := current_setting('ivfflat.iterative_scan', true);
    max_probes text := current_setting('ivfflat.max_probes', true);
    seqscan text := current_setting('enable_seqscan');
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'there is no embedding to search for'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'query_embedding is NULL.';
    ELSIF match_count < 0 THEN
        RAISE EXCEPTION 'match_count is %', match_count
            USING ERRCODE = 'invalid_parameter_value', HINT = 'It is the number of rows wanted; NULL means 10.';
    ELSIF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'the embedding to search for is zero'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Its direction is what is compared, and it has none.';
    END IF;
    chunks := chunks_of_dimension(vector_dims(query_embedding));
    IF in_document IS NOT NULL THEN
        filters := filters || ' AND c.document_id = $3';
    END IF;
    IF in_source IS NOT NULL THEN
        filters := filters || ' AND EXISTS (SELECT FROM documents AS d WHERE d.id = c.document_id AND d.source = $4)';
    END IF;
    IF having_metadata IS NOT NULL THEN
        filters := filters || ' AND c.metadata @> $5';
    END IF;

    -- Of the lists' rows only some will pass, and those that do are not as near: they lie in more lists.
    IF filters <> '' THEN
        wanted_probes := least(4 * wanted_probes, 32768);
    END IF;

    PERFORM set_config('ivfflat.probes', wanted_probes::text, true),
            set_config('ivfflat.iterative_scan', 'relaxed_order', true),
            set_config('ivfflat.max_probes', '32768', true),
            set_config('enable_seqscan', 'off', true);
    RETURN QUERY EXECUTE format(
        'SELECT n.id, n.distance
         FROM (
             SELECT c.id, c.embedding <=> $1 AS distance
             FROM %s AS c
             WHERE c.embedding IS NOT NULL%s
             ORDER BY c.embedding <=> $1
             LIMIT $2
         ) AS n
         ORDER BY n.distance + 0, n.id',
        chunks, filters)
    USING query_embedding, least(coalesce(match_count, 10), 1000), in_document, in_source, having_metadata;
    PERFORM set_config('ivfflat.probes', probes, true),
            set_config('ivfflat.iterative_scan', iterative_scan, true),
            set_config('ivfflat.max_probes', max_probes, true),
            set_config('enable_seqscan', seqscan, true);
END
$$;

-- The nearest chunks and what is in them, the best one first; at most 1,000. score is the cosine similarity. LEFT JOIN,
-- though all of them are there, because an inner join over an empty table would not even look at the arguments.
CREATE FUNCTION search_chunks(
    query_embedding vector,
    match_count int DEFAULT 10,
    in_document bigint DEFAULT NULL,
    in_source text DEFAULT NULL,
    having_metadata jsonb DEFAULT NULL,
    min_score double precision DEFAULT NULL
) RETURNS TABLE (
    chunk_id bigint,
    document_id bigint,
    chunk_index int,
    title text,
    source text,
    heading text,
    content text,
    metadata jsonb,
    score double precision
)
LANGUAGE sql STABLE ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT c.id, c.document_id, c.chunk_index, d.title, d.source, c.heading, c.content, c.metadata, 1 - n.distance
    FROM nearest_chunks($1, $2, $3, $4, $5) AS n
    LEFT JOIN document_chunks AS c ON c.id = n.chunk_id
    LEFT JOIN documents AS d ON d.id = c.document_id
    WHERE $6 IS NULL OR 1 - n.distance >= $6
    ORDER BY n.distance, c.id;
$$;

-- Meaning and words together, by reciprocal rank fusion: a chunk scores weight / (rrf_k + its place) in each of the two
-- lists. The words are a search as people type it: all of them, "or" between them, "quoted phrases", -without.
--
-- Of the chunks that have the words the first 500 that are found are ranked, not all: a frequent word must not make a
-- search slow. Without text, or with nothing but stop words, it is the search by meaning; without an embedding that by
-- words.
CREATE FUNCTION hybrid_search_chunks(
    query_text text,
    query_embedding vector,
    match_count int DEFAULT 10,
    vector_weight double precision DEFAULT 1,
    text_weight double precision DEFAULT 1,
    rrf_k int DEFAULT 60,
    in_document bigint DEFAULT NULL,
    in_source text DEFAULT NULL,
    having_metadata jsonb DEFAULT NULL
) RETURNS TABLE (
    chunk_id bigint,
    document_id bigint,
    chunk_index int,
    title text,
    source text,
    heading text,
    content text,
    metadata jsonb,
    score double precision,
    vector_score double precision,
    text_score real
)
LANGUAGE plpgsql STABLE ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    -- A line of dashes would be as many negations of negations, and 33 of them an error; a text without end, one too.
    words tsquery := websearch_to_tsquery('${textSearch:english}',
        coalesce(regexp_replace(left(query_text, 10000), '-[^[:alnum:]"]*-', ' ', 'g'), ''));
    wanted int := least(coalesce(match_count, 10), 1000);
    candidates int := least(greatest(2 * wanted, 40), 1000);
    vector_share double precision := coalesce(vector_weight, 1);
    text_share double precision := coalesce(text_weight, 1);
    k int := coalesce(rrf_k, 60);
BEGIN
    IF query_embedding IS NULL AND coalesce(numnode(words), 0) = 0 THEN
        RAISE EXCEPTION 'there is nothing to search for'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Give an embedding, a text of more than stop words, or both.';
    ELSIF vector_share < 0 OR text_share < 0 OR vector_share + text_share = 0 OR k < 1 THEN
        RAISE EXCEPTION 'vector_weight is %, text_weight is %, rrf_k is %', vector_share, text_share, k
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'No weight may be negative, one must be above 0, and rrf_k must be at least 1.';
    ELSIF match_count < 0 THEN
        RAISE EXCEPTION 'match_count is %', match_count
            USING ERRCODE = 'invalid_parameter_value', HINT = 'It is the number of rows wanted; NULL means 10.';
    END IF;
    RETURN QUERY
    WITH by_vector AS MATERIALIZED (
        SELECT n.chunk_id AS id, 1 - n.distance AS similarity, row_number() OVER (ORDER BY n.distance, n.chunk_id) AS place
        FROM nearest_chunks(query_embedding, candidates, in_document, in_source, having_metadata) AS n
        WHERE query_embedding IS NOT NULL
    ), by_words AS MATERIALIZED (
        SELECT r.id, r.relevance, row_number() OVER (ORDER BY r.relevance DESC, r.id) AS place
        FROM (
            SELECT m.id, ts_rank_cd(m.content_tsv, words) AS relevance
            FROM (
                SELECT c.id, c.content_tsv
                FROM document_chunks AS c
                WHERE c.content_tsv @@ words
                  AND (in_document IS NULL OR c.document_id = in_document)
                  AND (
                      in_source IS NULL
                      OR EXISTS (SELECT FROM documents AS d WHERE d.id = c.document_id AND d.source = in_source)
                  )
                  AND (having_metadata IS NULL OR c.metadata @> having_metadata)
                LIMIT 500
            ) AS m
            ORDER BY relevance DESC, m.id
            LIMIT candidates
        ) AS r
    ), fused AS (
        SELECT
            coalesce(v.id, w.id) AS id,
            v.similarity,
            w.relevance,
            coalesce(vector_share / (k + v.place), 0) + coalesce(text_share / (k + w.place), 0) AS score
        FROM by_vector AS v
        FULL JOIN by_words AS w ON w.id = v.id
        ORDER BY 4 DESC, 1
        LIMIT wanted
    )
    SELECT
        c.id, c.document_id, c.chunk_index, d.title, d.source, c.heading, c.content, c.metadata,
        f.score, f.similarity, f.relevance
    FROM fused AS f
    LEFT JOIN document_chunks AS c ON c.id = f.id
    LEFT JOIN documents AS d ON d.id = c.document_id
    ORDER BY f.score DESC, c.id;
END
$$;

-- For the application to call after a search, when it is to be remembered.
CREATE FUNCTION log_search(
    query text,
    results_count int,
    top_score double precision DEFAULT NULL,
    duration_ms double precision DEFAULT NULL,
    metadata jsonb DEFAULT '{}'
) RETURNS bigint
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    INSERT INTO search_logs (query, results_count, top_score, duration_ms, metadata)
    VALUES ($1, $2, $3, $4, coalesce($5, '{}'))
    RETURNING id;
$$;
