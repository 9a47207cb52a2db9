-- The searches.
--
-- Both build their query with the model's number and dimensions in it, as EXECUTE's text: an index over
-- embedding::vector(384) WHERE model_id = 1 is only used where exactly that expression and that number stand in the query.
-- gangway: type=schema
-- gangway: risk=low

-- Sets how thoroughly the vector indexes are searched, and what a comparison costs, until the transaction ends or
-- vector_search_end takes it back; returns what was set before. As clauses of the functions (SET hnsw.…) an ordinary role
-- could not create them.
CREATE FUNCTION vector_search_begin(model_id int, dimensions int, rows_wanted int) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    before text[] := ARRAY[current_setting('hnsw.ef_search'), current_setting('hnsw.iterative_scan'),
                           current_setting('ivfflat.probes'), current_setting('ivfflat.iterative_scan'),
                           current_setting('cpu_operator_cost')];
    lists int;
BEGIN
    PERFORM set_config('hnsw.ef_search', least(1000, greatest(before[1]::int, 100, 2 * rows_wanted))::text, true);
    -- The planner takes the distance of two vectors for as cheap as that of two integers, and does not see that long
    -- vectors lie outside of their rows: it would read 10,000 of 1536 dimensions one by one rather than use the index.
    PERFORM set_config('cpu_operator_cost', (before[5]::float8 * greatest(1, dimensions / 8.0))::text, true);
    -- Goes on until there are rows enough: filters are applied after the index. Not in strict order, which drops what it
    -- finds late: of a type of one row in 200, a third of the nearest.
    PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true);

    SELECT o.option_value::int INTO lists
    FROM pg_class c, pg_options_to_table(c.reloptions) o
    WHERE c.oid = to_regclass('embeddings_vector_' || model_id) AND o.option_name = 'lists';
    IF lists IS NOT NULL THEN
        -- At sqrt(lists), as pgvector recommends, too little is found where clusters overlap.
        PERFORM set_config('ivfflat.probes',
                           least(lists, greatest(before[3]::int, ceil(2 * sqrt(lists))::int))::text, true);
        PERFORM set_config('ivfflat.iterative_scan', 'relaxed_order', true);
    END IF;
    RETURN before;
END
$$;

CREATE FUNCTION vector_search_end(before text[]) RETURNS void
    LANGUAGE sql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT set_config('hnsw.ef_search', before[1], true), set_config('hnsw.iterative_scan', before[2], true),
           set_config('ivfflat.probes', before[3], true), set_config('ivfflat.iterative_scan', before[4], true),
           set_config('cpu_operator_cost', before[5], true)
$$;

-- How a model's embeddings are cast in its index, and so in searches. Above 2000 dimensions an index takes halfvec only;
-- above 4000 there is no index.
CREATE FUNCTION embedding_cast(dimensions int) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT CASE WHEN dimensions BETWEEN 2001 AND 4000 THEN 'halfvec' ELSE 'vector' END || '(' || dimensions || ')'
$$;

-- The nearest, by cosine similarity: 1 is the same direction, 0 is unrelated, -1 the opposite.
-- similarity_threshold: what the similarity has to be at least. match_count: 10 where null, 1000 at most.
-- source_types: only these. model: its name; null takes the default one of the question's dimensions.
-- metadata_filter: only rows whose metadata contains this.
CREATE FUNCTION similarity_search(
    query_embedding vector,
    similarity_threshold double precision DEFAULT NULL,
    match_count int DEFAULT 10,
    source_types text[] DEFAULT NULL,
    model text DEFAULT NULL,
    metadata_filter jsonb DEFAULT NULL
) RETURNS TABLE (
    id bigint, source_type text, source_id text, chunk_index int, content text, metadata jsonb,
    similarity double precision
)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    started timestamptz := clock_timestamp();
    maker embedding_models;
    wanted int := least(coalesce(match_count, 10), 1000);
    -- With a filter the index finds rows a little out of order: the nearest are among the first few times as many.
    candidates int := CASE WHEN source_types IS NULL AND metadata_filter IS NULL THEN wanted
                           ELSE greatest(wanted, least(1000, 4 * wanted)) END;
    before text[];
    returned int;
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'query_embedding must not be null' USING ERRCODE = 'null_value_not_allowed';
    ELSIF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'query_embedding is zero, which has no cosine similarity to anything'
            USING ERRCODE = 'data_exception';
    ELSIF wanted < 0 THEN
        RAISE EXCEPTION 'match_count must not be negative' USING ERRCODE = 'invalid_row_count_in_limit_clause';
    END IF;
    maker := embedding_model_for(model, vector_dims(query_embedding));

    before := vector_search_begin(maker.id, maker.dimensions, wanted);
    RETURN QUERY EXECUTE format(
        $query$
        SELECT n.id, n.source_type, n.source_id, n.chunk_index, n.content, n.metadata, 1 - n.distance
        FROM (
            SELECT e.*, e.embedding::%1$s <=> $1::%1$s AS distance
            FROM embeddings e
            WHERE e.model_id = %2$s AND e.invalidated_at IS NULL %3$s %4$s
            ORDER BY e.embedding::%1$s <=> $1::%1$s
            LIMIT %5$s
        ) n
        WHERE $4 IS NULL OR 1 - n.distance >= $4
        -- "+ 0" keeps the planner from believing that they are in order already.
        ORDER BY n.distance + 0, n.id
        LIMIT %6$s
        $query$,
        embedding_cast(maker.dimensions), maker.id,
        CASE WHEN source_types IS NOT NULL THEN 'AND e.source_type = ANY ($2)' END,
        CASE WHEN metadata_filter IS NOT NULL THEN 'AND e.metadata @> $3' END,
        candidates, wanted)
    USING query_embedding, source_types, metadata_filter, similarity_threshold;
    GET DIAGNOSTICS returned = ROW_COUNT;
    PERFORM vector_search_end(before);
    PERFORM record_search('similarity', started, maker.id, wanted, returned);
END
$$;

-- Meaning and words together. What a row scores is
--
--     (vector_weight * similarity + text_weight * text_rank) / (vector_weight + text_weight)
--
-- similarity   cosine similarity; 0 where it is negative or below similarity_threshold
-- text_rank    ts_rank of the row over that of the best row; 0 where the words do not match
--
-- similarity_threshold is about similarity, not about the score: a row below it is only found by its words. Null: none.
-- Weights count by their ratio. With a text_weight of 0 it is similarity_search, with a vector_weight of 0 a mere search
-- for words. query_text is as people write it: all words, "a phrase", or, -without.
CREATE FUNCTION hybrid_search(
    query_text text,
    query_embedding vector,
    vector_weight double precision DEFAULT 0.7,
    text_weight double precision DEFAULT 0.3,
    similarity_threshold double precision DEFAULT NULL,
    match_count int DEFAULT 10,
    source_types text[] DEFAULT NULL,
    model text DEFAULT NULL,
    metadata_filter jsonb DEFAULT NULL
) RETURNS TABLE (
    id bigint, source_type text, source_id text, chunk_index int, content text, metadata jsonb,
    similarity double precision, text_rank double precision, score double precision
)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    started timestamptz := clock_timestamp();
    maker embedding_models;
    wanted int := least(coalesce(match_count, 10), 1000);
    -- A line of dashes would be as many negations of negations, and 33 of them an error; a text without end, one too.
    words tsquery := websearch_to_tsquery('${textSearchConfig:english}',
        coalesce(regexp_replace(left(query_text, 10000), '-[^[:alnum:]"]*-', ' ', 'g'), ''));
    by_text boolean;
    -- Each side brings more than are wanted, because what is good in both may be first in neither.
    candidates int;
    before text[];
    returned int;
BEGIN
    IF query_embedding IS NULL THEN
        RAISE EXCEPTION 'query_embedding must not be null' USING ERRCODE = 'null_value_not_allowed';
    ELSIF vector_norm(query_embedding) = 0 THEN
        RAISE EXCEPTION 'query_embedding is zero, which has no cosine similarity to anything'
            USING ERRCODE = 'data_exception';
    ELSIF wanted < 0 THEN
        RAISE EXCEPTION 'match_count must not be negative' USING ERRCODE = 'invalid_row_count_in_limit_clause';
    ELSIF vector_weight IS NULL OR text_weight IS NULL THEN
        RAISE EXCEPTION 'vector_weight and text_weight must not be null' USING ERRCODE = 'null_value_not_allowed';
    -- NaN is greater than every number, and infinity weighs nothing against itself.
    ELSIF NOT (vector_weight >= 0 AND text_weight >= 0 AND vector_weight + text_weight > 0
               AND vector_weight + text_weight < 'infinity')
    THEN
        RAISE EXCEPTION 'vector_weight and text_weight must be finite and not negative, and one of them positive'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Usual are 0.7 and 0.3.';
    END IF;
    maker := embedding_model_for(model, vector_dims(query_embedding));
    -- Nothing is left of a text of stop words.
    by_text := text_weight > 0 AND numnode(words) > 0;
    candidates := CASE WHEN by_text OR source_types IS NOT NULL OR metadata_filter IS NOT NULL
                       THEN greatest(wanted, least(1000, greatest(4 * wanted, 40))) ELSE wanted END;

    before := vector_search_begin(maker.id, maker.dimensions, CASE WHEN by_text THEN candidates / 2 ELSE wanted END);
    RETURN QUERY EXECUTE format(
        $query$
        WITH nearest AS MATERIALIZED (
            SELECT e.* FROM embeddings e
            WHERE e.model_id = %2$s AND e.invalidated_at IS NULL %3$s %4$s AND %6$s
            ORDER BY e.embedding::%1$s <=> $1::%1$s
            LIMIT %5$s
        ), matching AS MATERIALIZED (
            SELECT w.*
            FROM (
                SELECT e.* FROM embeddings e
                WHERE e.model_id = %2$s AND e.invalidated_at IS NULL %3$s %4$s AND %7$s AND e.content_tsv @@ $5
                %8$s
            ) w
            ORDER BY ts_rank(w.content_tsv, $5) DESC, w.id
            LIMIT %5$s
        ), best AS MATERIALIZED (
            SELECT max(ts_rank(m.content_tsv, $5)) AS rank FROM matching m
        ), candidates AS (
            SELECT n.* FROM nearest n
            UNION ALL
            SELECT m.* FROM matching m WHERE NOT EXISTS (SELECT FROM nearest n WHERE n.id = m.id)
        ), measured AS MATERIALIZED (
            SELECT c.id, c.source_type, c.source_id, c.chunk_index, c.content, c.metadata,
                   1 - (c.embedding::%1$s <=> $1::%1$s) AS similarity,
                   CASE WHEN c.content_tsv @@ $5
                        THEN least(1, ts_rank(c.content_tsv, $5) / (SELECT b.rank FROM best b)) ELSE 0
                   END AS text_rank
            FROM candidates c
        ), scored AS (
            SELECT m.*,
                   ($6 * CASE WHEN $4 IS NULL OR m.similarity >= $4 THEN greatest(0, m.similarity) ELSE 0 END
                    + $7 * m.text_rank) / ($6 + $7) AS score
            FROM measured m
            WHERE $6 > 0 AND ($4 IS NULL OR m.similarity >= $4) OR $7 > 0 AND m.text_rank > 0
        )
        SELECT s.id, s.source_type, s.source_id, s.chunk_index, s.content, s.metadata,
               s.similarity, s.text_rank::float8, s.score
        FROM scored s
        ORDER BY s.score DESC, CASE WHEN $6 > 0 THEN s.similarity END DESC, s.id
        LIMIT %9$s
        $query$,
        embedding_cast(maker.dimensions), maker.id,
        CASE WHEN source_types IS NOT NULL THEN 'AND e.source_type = ANY ($2)' END,
        CASE WHEN metadata_filter IS NOT NULL THEN 'AND e.metadata @> $3' END,
        candidates, (vector_weight > 0)::text, by_text::text,
        -- Ranking reads each row that matches. Beside the vectors, words that stand nearly everywhere tell little, so
        -- five hundred of them have to do; alone they are all there is.
        CASE WHEN vector_weight > 0 THEN 'LIMIT 500' END,
        wanted)
    USING query_embedding, source_types, metadata_filter, similarity_threshold, words, vector_weight,
        CASE WHEN by_text THEN text_weight ELSE 0 END;
    GET DIAGNOSTICS returned = ROW_COUNT;
    PERFORM vector_search_end(before);
    PERFORM record_search('hybrid', started, maker.id, wanted, returned);
END
$$;

-- hybrid_search with the arguments of a row of retrieval_configurations.
CREATE FUNCTION hybrid_search_with(configuration text, query_text text, query_embedding vector)
    RETURNS TABLE (
        id bigint, source_type text, source_id text, chunk_index int, content text, metadata jsonb,
        similarity double precision, text_rank double precision, score double precision
    )
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    chosen retrieval_configurations;
BEGIN
    SELECT c.* INTO chosen FROM retrieval_configurations c WHERE c.name = configuration;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no retrieval configuration "%"', configuration
            USING ERRCODE = 'undefined_object',
                  HINT = 'There are: ' || (SELECT string_agg(c.name, ', ' ORDER BY c.name) FROM retrieval_configurations c);
    END IF;
    RETURN QUERY SELECT * FROM hybrid_search(
        query_text, query_embedding, chosen.vector_weight, chosen.text_weight, chosen.similarity_threshold,
        chosen.match_count, chosen.source_types, chosen.model);
END
$$;
