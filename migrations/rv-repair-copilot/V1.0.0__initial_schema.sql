-- Schema version 1.0.0 is reached: its chunks can be searched, by meaning and by words, with filters on their fields.
-- gangway: type=schema
-- gangway: risk=low

-- What all searches ask of their arguments.
CREATE FUNCTION check_search_arguments(query_embedding vector, match_count integer)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'the embedding to search for is null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF vector_dims(query_embedding) <> 1536 THEN
        RAISE EXCEPTION 'the embedding to search for has % dimensions, not 1536', vector_dims(query_embedding)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Is it of the model that the chunks were embedded with?';
    END IF;
    IF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'the embedding to search for is zero: nothing is near it by cosine distance'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF match_count < 0 THEN
        RAISE EXCEPTION 'the number of chunks to find is %', match_count
            USING ERRCODE = 'invalid_row_count_in_limit_clause';
    END IF;
END
$$;

-- Sets how the vector index is searched, for this transaction; returns the caller's settings, which
-- restore_vector_scan puts back. Not as SET clauses of the functions: those need a right that ordinary roles lack in a
-- session that has not used a vector yet.
CREATE FUNCTION prepare_vector_scan(match_count integer)
RETURNS text[]
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    of_caller text[] := ARRAY[current_setting('hnsw.ef_search'), current_setting('hnsw.iterative_scan')];
BEGIN
    -- Twice as many as asked for: 40, the default, finds too few of the truly nearest. 1000 is the most there is.
    PERFORM set_config('hnsw.ef_search', least(greatest(100, 2 * match_count::bigint), 1000)::text, true);
    -- With a filter the scan goes on until there are as many as asked for. In relaxed order, because the searches sort
    -- what they find: strict order drops what comes late, and with a filter that leaves one row in 200 a third of the
    -- truly nearest with it.
    PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true);
    RETURN of_caller;
END
$$;

CREATE FUNCTION restore_vector_scan(of_caller text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    PERFORM set_config('hnsw.ef_search', of_caller[1], true),
            set_config('hnsw.iterative_scan', of_caller[2], true);
END
$$;

-- The nearest chunks that fit the filter, nearest first. match_count null means ten.
CREATE FUNCTION search_repair_chunks(
    query_embedding vector, match_count integer DEFAULT 10, filter jsonb DEFAULT '{}')
RETURNS TABLE (id bigint, content text, metadata jsonb, distance double precision, similarity double precision)
LANGUAGE plpgsql
ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    of_caller  text[];
    condition  text := chunk_filter(filter);
    candidates bigint;
BEGIN
    match_count := coalesce(match_count, 10);
    PERFORM check_search_arguments(query_embedding, match_count);
    -- A filtered scan finds in relaxed order: the nearest are among the first few times as many. "+ 0" keeps the planner from
    -- believing that they are sorted already.
    candidates := CASE WHEN condition = 'true' THEN 1 ELSE 4 END * match_count::bigint;
    of_caller := prepare_vector_scan(match_count);
    RETURN QUERY EXECUTE
        'SELECT c.id, c.content, chunk_metadata(c), n.distance, 1 - n.distance
         FROM (
             SELECT c.id, c.embedding <=> $1 AS distance
             FROM repair_chunks c
             WHERE c.embedding IS NOT NULL AND ' || condition || '
             ORDER BY c.embedding <=> $1
             LIMIT $3
         ) n
         JOIN repair_chunks c ON c.id = n.id
         ORDER BY n.distance + 0, n.id
         LIMIT $2'
        USING query_embedding, match_count, candidates;
    PERFORM restore_vector_scan(of_caller);
END
$$;

-- By meaning and by words at once; the two rankings are joined by reciprocal rank fusion. The text is in the syntax of
-- web searches: "quoted words", or, -without; its first 10000 characters are looked at. Where a rare word such as a part number or an error code fits a few
-- chunks, all of them are ranked; of a frequent one's, those that are near by meaning and some 200 more.
CREATE FUNCTION hybrid_search_repair_chunks(
    query_text text,
    query_embedding vector,
    match_count integer DEFAULT 10,
    filter jsonb DEFAULT '{}',
    query_language text DEFAULT 'en',
    text_weight double precision DEFAULT 1,
    vector_weight double precision DEFAULT 1,
    rrf_k integer DEFAULT 60)
RETURNS TABLE (
    id bigint, content text, metadata jsonb, score double precision, distance double precision, text_rank real)
LANGUAGE plpgsql
ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    of_caller  text[];
    candidates integer;
    condition  text;
    words      tsquery;
BEGIN
    match_count := coalesce(match_count, 10);
    text_weight := coalesce(text_weight, 1);
    vector_weight := coalesce(vector_weight, 1);
    rrf_k := coalesce(rrf_k, 60);
    PERFORM check_search_arguments(query_embedding, match_count);
    IF NOT (text_weight >= 0 AND vector_weight >= 0 AND rrf_k >= 1)
        OR 'NaN' IN (text_weight, vector_weight) THEN
        RAISE EXCEPTION 'weights are 0 or more and rrf_k is 1 or more, not %, % and %', text_weight, vector_weight, rrf_k
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Of an empty text, or one of stop words alone, a query without words, which fits nothing: the search is then one
    -- by meaning.
    -- A line of dashes would be as many negations of negations, and 33 of them an error; a text without end, one too.
    words := websearch_to_tsquery(chunk_text_search_config(coalesce(query_language, 'en')),
        coalesce(regexp_replace(left(query_text, 10000), '-[^[:alnum:]"]*-', ' ', 'g'), ''));
    candidates := least(greatest(50, 2 * match_count::bigint), 2147483647);
    condition := chunk_filter(filter);
    of_caller := prepare_vector_scan(candidates);
    RETURN QUERY EXECUTE
        'WITH nearest AS MATERIALIZED (
             SELECT c.id, c.embedding <=> $1 AS distance
             FROM repair_chunks c
             WHERE c.embedding IS NOT NULL AND ' || condition || '
             ORDER BY c.embedding <=> $1
             LIMIT $4
         ), matching AS MATERIALIZED (
             (SELECT c.id, ts_rank(c.content_tsv, $2) AS rank
              FROM repair_chunks c
              WHERE c.content_tsv @@ $2 AND ' || condition || '
              LIMIT greatest(200, $4))
             UNION
             SELECT c.id, ts_rank(c.content_tsv, $2)
             FROM nearest n JOIN repair_chunks c ON c.id = n.id
             WHERE c.content_tsv @@ $2
         ), by_distance AS (
             SELECT n.id, n.distance, row_number() OVER (ORDER BY n.distance + 0, n.id) AS place FROM nearest n
         ), by_words AS (
             SELECT m.id, m.rank, row_number() OVER (ORDER BY m.rank DESC, m.id) AS place FROM matching m
         ), best AS (
             SELECT id, d.distance, w.rank,
                    coalesce($6 / ($7 + d.place), 0) + coalesce($5 / ($7 + w.place), 0) AS score
             FROM by_distance d FULL JOIN by_words w USING (id)
             ORDER BY score DESC, id
             LIMIT $3
         )
         SELECT c.id, c.content, chunk_metadata(c), b.score,
                coalesce(b.distance, c.embedding <=> $1), coalesce(b.rank, 0)
         FROM best b JOIN repair_chunks c ON c.id = b.id
         ORDER BY b.score DESC, b.id'
        USING query_embedding, words, match_count, candidates, text_weight, vector_weight, rrf_k;
    PERFORM restore_vector_scan(of_caller);
END
$$;
