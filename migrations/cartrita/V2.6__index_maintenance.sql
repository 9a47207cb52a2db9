-- Which vector index each model should have, has, and how it gets it.
-- gangway: type=schema
-- gangway: risk=low

-- What rebuild_vector_indexes would do, and the statements that do it beside the running application.
-- wanted, by the number of rows and search_settings:
--   none     few rows: an exact search is fast, and finds all
--   hnsw     from hnsw_min_rows on
--   ivfflat  from ivfflat_min_rows on; lists is rows / 1000, above a million rows sqrt(rows)
-- action: keep, create, replace (by another kind), rebuild (invalid, other parameters than wanted, lists off by more than
-- half, or force), drop (too few rows, or its model is gone).
CREATE FUNCTION vector_index_plan(model text DEFAULT NULL, force boolean DEFAULT false)
    RETURNS TABLE (
        model_id int, model_name text, dimensions int, embeddings bigint,
        index_name text, present text, wanted text, action text, definition text, online text[]
    )
    LANGUAGE plpgsql STABLE
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    -- For the statements: whoever runs them has a search path of his own.
    home constant text := (SELECT c.relnamespace::regnamespace FROM pg_class c WHERE c.oid = 'embeddings'::regclass);
    vectors constant text := (SELECT x.extnamespace::regnamespace FROM pg_extension x WHERE x.extname = 'vector');
BEGIN
    IF vector_index_plan.model IS NOT NULL
        AND NOT EXISTS (SELECT FROM embedding_models m WHERE m.name = vector_index_plan.model)
    THEN
        RAISE EXCEPTION 'there is no embedding model "%"', vector_index_plan.model USING ERRCODE = 'undefined_object';
    END IF;
    RETURN QUERY
    WITH counted AS (
        SELECT e.model_id, count(*) AS n FROM embeddings e GROUP BY e.model_id
    ), existing AS (
        SELECT substring(c.relname FROM '^embeddings_vector_(\d+)$')::int AS model_id, a.amname::text AS kind,
               x.indisvalid AS valid,
               (SELECT jsonb_object_agg(o.option_name, o.option_value::bigint)
                FROM pg_options_to_table(c.reloptions) o) AS options
        FROM pg_index x
        JOIN pg_class c ON c.oid = x.indexrelid
        JOIN pg_am a ON a.oid = c.relam
        WHERE x.indrelid = 'embeddings'::regclass AND c.relname ~ '^embeddings_vector_\d{1,9}$'
    ), sized AS (
        SELECT coalesce(m.id, x.model_id) AS id, m.name, m.dimensions, coalesce(r.n, 0) AS n,
               x.kind, x.valid, x.options, s.hnsw_m, s.hnsw_ef_construction,
               CASE WHEN m.id IS NULL OR m.dimensions > 4000 OR coalesce(r.n, 0) < s.hnsw_min_rows THEN 'none'
                    WHEN r.n < s.ivfflat_min_rows THEN 'hnsw'
                    ELSE 'ivfflat' END AS wanted,
               greatest(1, CASE WHEN r.n <= 1000000 THEN r.n / 1000 ELSE least(32768, sqrt(r.n)::bigint) END) AS lists
        FROM embedding_models m
        FULL JOIN existing x ON x.model_id = m.id
        LEFT JOIN counted r ON r.model_id = m.id
        CROSS JOIN search_settings s
    ), decided AS (
        SELECT z.*,
               CASE WHEN z.wanted = 'none' THEN CASE WHEN z.kind IS NULL THEN 'keep' ELSE 'drop' END
                    WHEN z.kind IS NULL THEN 'create'
                    WHEN z.kind <> z.wanted THEN 'replace'
                    WHEN NOT z.valid OR vector_index_plan.force THEN 'rebuild'
                    -- What was not given is pgvector's default.
                    WHEN z.kind = 'hnsw' AND (coalesce((z.options ->> 'm')::bigint, 16) <> z.hnsw_m
                        OR coalesce((z.options ->> 'ef_construction')::bigint, 64) <> z.hnsw_ef_construction)
                        THEN 'rebuild'
                    WHEN z.kind = 'ivfflat' AND (coalesce((z.options ->> 'lists')::bigint, 100) > 2 * z.lists
                        OR 2 * coalesce((z.options ->> 'lists')::bigint, 100) < z.lists)
                        THEN 'rebuild'
                    ELSE 'keep' END AS action,
               format('%I', 'embeddings_vector_' || z.id) AS name_of_index,
               CASE WHEN z.wanted <> 'none' THEN
                   format('ON %s.embeddings USING %s ((embedding::%s.%s) %s.%s_cosine_ops) WITH (%s) WHERE model_id = %s',
                          home, z.wanted, vectors, embedding_cast(z.dimensions),
                          vectors, split_part(embedding_cast(z.dimensions), '(', 1),
                          CASE z.wanted WHEN 'hnsw'
                               THEN format('m = %s, ef_construction = %s', z.hnsw_m, z.hnsw_ef_construction)
                               ELSE format('lists = %s', z.lists) END,
                          z.id)
               END AS definition
        FROM sized z
        WHERE vector_index_plan.model IS NULL OR z.name = vector_index_plan.model
    )
    SELECT d.id, d.name, d.dimensions, d.n, d.name_of_index,
           coalesce(d.kind || CASE WHEN NOT d.valid THEN ' (invalid)' ELSE '' END, 'none'), d.wanted, d.action, d.definition,
           CASE d.action
               WHEN 'create' THEN ARRAY[
                   format('CREATE INDEX CONCURRENTLY %s %s', d.name_of_index, d.definition)]
               WHEN 'drop' THEN ARRAY[
                   format('DROP INDEX CONCURRENTLY %s.%s', home, d.name_of_index)]
               WHEN 'keep' THEN ARRAY[]::text[]
               -- The old one serves until the new one is there.
               ELSE ARRAY[
                   format('DROP INDEX CONCURRENTLY IF EXISTS %s.%s_new', home, d.name_of_index),
                   format('CREATE INDEX CONCURRENTLY %s_new %s', d.name_of_index, d.definition),
                   format('DROP INDEX CONCURRENTLY %s.%s', home, d.name_of_index),
                   format('ALTER INDEX %s.%s_new RENAME TO %s', home, d.name_of_index, d.name_of_index)]
           END
    FROM decided d
    ORDER BY d.id;
END
$$;

-- Gives each model, or the named one, the vector index that its number of rows asks for, and says what it did. With force
-- all are built anew, which makes a graph whole again from which much was deleted.
--
-- A function cannot build CONCURRENTLY: embeddings cannot be written while this builds, and cannot be read for a moment
-- at the end if an index is replaced or dropped. Beside a running application run the column online of
-- vector_index_plan() instead, statement by statement.
CREATE FUNCTION rebuild_vector_indexes(model text DEFAULT NULL, force boolean DEFAULT false)
    RETURNS TABLE (model_name text, embeddings bigint, index_name text, index_kind text, action text)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    step record;
    steps jsonb;
    memory text := current_setting('maintenance_work_mem');
    workers text := current_setting('max_parallel_maintenance_workers');
    needed numeric;
    lists numeric;
    samples numeric;
    bytes numeric;
BEGIN
    -- Only one at a time; nor beside a CREATE INDEX CONCURRENTLY: that one waits for all transactions which are older than
    -- its own steps, so for this one, and to wait for it here would be a deadlock.
    IF NOT pg_try_advisory_xact_lock(hashtextextended('rebuild_vector_indexes', 'embeddings'::regclass::oid::bigint))
        OR EXISTS (
            SELECT FROM pg_stat_progress_create_index p
            JOIN pg_locks l ON l.pid = p.pid
            WHERE l.locktype = 'relation' AND l.relation = 'embeddings'::regclass
              AND l.mode = 'ShareUpdateExclusiveLock' AND p.pid <> pg_backend_pid()
              AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
    THEN
        RAISE EXCEPTION 'another session is building an index on embeddings'
            USING ERRCODE = 'lock_not_available', HINT = 'Try again when it has finished.';
    END IF;

    -- CVE-2026-3172: in these versions a parallel HNSW build may write beyond its memory.
    IF (SELECT string_to_array(substring(x.extversion FROM '^\d+\.\d+\.\d+'), '.')::int[] < ARRAY[0, 8, 2]
        FROM pg_extension x WHERE x.extname = 'vector')
    THEN
        PERFORM set_config('max_parallel_maintenance_workers', '0', true);
    END IF;

    SELECT jsonb_agg(p ORDER BY p.model_id) INTO steps
    FROM vector_index_plan(rebuild_vector_indexes.model, rebuild_vector_indexes.force) p;
    -- Not over the plan itself: an index cannot be built on a table that a query of the same session reads.
    FOR step IN SELECT * FROM jsonb_to_recordset(steps) AS (
        model_name text, dimensions int, embeddings bigint, index_name text, wanted text, action text, definition text)
    LOOP
        CONTINUE WHEN step.action IN ('keep', 'drop');

        bytes := CASE WHEN step.dimensions > 2000 THEN 2 ELSE 4 END * step.dimensions + 8;
        IF step.wanted = 'hnsw' THEN
            -- More would not help, less is slower: at most twice shared_buffers, half of a usual server's memory.
            needed := least(1.1 * step.embeddings * (bytes + 320 + 32 * (SELECT s.hnsw_m FROM search_settings s)) + 4194304,
                            2 * pg_size_bytes(current_setting('shared_buffers')));
        ELSE
            -- With less, pgvector's build of an IVFFlat index is an error.
            lists := substring(step.definition FROM 'lists = (\d+)')::numeric;
            samples := greatest(10000, 50 * lists);
            needed := (samples + 2 * lists) * bytes + 4 * lists * step.dimensions + 4 * samples * lists
                + 8 * samples + 4 * lists * lists + 12 * lists + 4194304;
        END IF;
        PERFORM set_config('maintenance_work_mem',
            least(2147483647, greatest(ceil(needed / 1024), pg_size_bytes(memory) / 1024))::bigint || 'kB', true);

        IF step.action = 'create' THEN
            EXECUTE format('CREATE INDEX %s %s', step.index_name, step.definition);
        ELSE
            -- Left behind by somebody whose own build was broken off.
            IF to_regclass(step.index_name || '_new') IS NOT NULL THEN
                EXECUTE format('DROP INDEX %s_new', step.index_name);
            END IF;
            EXECUTE format('CREATE INDEX %s_new %s', step.index_name, step.definition);
        END IF;
        PERFORM set_config('maintenance_work_mem', memory, true);
    END LOOP;

    -- At the end, because it shuts out readers until the transaction ends.
    FOR step IN SELECT * FROM jsonb_to_recordset(steps) AS (
        model_name text, dimensions int, embeddings bigint, index_name text, wanted text, action text, definition text)
    LOOP
        IF step.action IN ('drop', 'replace', 'rebuild') THEN
            EXECUTE format('DROP INDEX %s', step.index_name);
        END IF;
        IF step.action IN ('replace', 'rebuild') THEN
            EXECUTE format('ALTER INDEX %s_new RENAME TO %s', step.index_name, step.index_name);
        END IF;
    END LOOP;
    PERFORM set_config('max_parallel_maintenance_workers', workers, true);

    FOR step IN SELECT * FROM jsonb_to_recordset(steps) AS (
        model_name text, dimensions int, embeddings bigint, index_name text, wanted text, action text, definition text)
    LOOP
        model_name := step.model_name;
        embeddings := step.embeddings;
        index_name := step.index_name;
        index_kind := step.wanted;
        action := step.action;
        RETURN NEXT;
    END LOOP;
END
$$;

-- How each model stands: its embeddings, its index, and what its searches took in the last day.
CREATE VIEW vector_search_stats AS
SELECT m.name AS model,
       m.dimensions,
       coalesce(r.embeddings, 0) AS embeddings,
       coalesce(r.sources, 0) AS sources,
       coalesce(r.stale, 0) AS stale,
       r.last_updated,
       x.index_name,
       coalesce(x.index_kind, 'none') AS index_kind,
       x.index_valid,
       coalesce(x.index_bytes, 0) AS index_bytes,
       coalesce(x.index_scans, 0) AS index_scans,
       coalesce(s.searches, 0) AS searches,
       s.avg_time_ms,
       s.p95_time_ms
FROM embedding_models m
LEFT JOIN (
    SELECT e.model_id, count(*) AS embeddings, count(DISTINCT (e.source_type, e.source_id)) AS sources,
           count(e.invalidated_at) AS stale, max(e.updated_at) AS last_updated
    FROM embeddings e GROUP BY e.model_id
) r ON r.model_id = m.id
LEFT JOIN (
    SELECT substring(c.relname FROM '^embeddings_vector_(\d{1,9})$')::int AS model_id,
           c.relname AS index_name, a.amname AS index_kind, i.indisvalid AS index_valid,
           pg_relation_size(c.oid) AS index_bytes, pg_stat_get_numscans(c.oid) AS index_scans
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am a ON a.oid = c.relam
    WHERE i.indrelid = '"${gangway:schema}".embeddings'::regclass
) x ON x.model_id = m.id
LEFT JOIN (
    SELECT p.model_id, count(*) AS searches, avg(p.execution_time_ms) AS avg_time_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY p.execution_time_ms) AS p95_time_ms
    FROM search_performance_metrics p
    WHERE p.created_at > now() - interval '1 day'
    GROUP BY p.model_id
) s ON s.model_id = m.id;
