-- What keeps the database small and quick: cleaning up, vacuuming in time, and seeing how it grows.
-- gangway: type=schema
-- gangway: requires=1,9
-- gangway: risk=low

-- Tables that are only ever added to are vacuumed after a twentieth of new rows instead of a fifth, so that their index-only
-- scans stay ones; chunks that are indexed again leave dead entries in the vector index, which every search walks past.
ALTER TABLE "${prefix:}woo_ai_messages"
    SET (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "${prefix:}woo_ai_analytics"
    SET (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "${prefix:}woo_ai_action_logs"
    SET (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "${prefix:}woo_ai_knowledge_base"
    SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Removes what belongs to nothing, and says of each kind how much. Foreign keys keep messages and metrics from losing their
-- conversation, except while a data import has them switched off.
CREATE FUNCTION "${prefix:}woo_ai_cleanup_orphans"(older_than interval DEFAULT '1 day')
    RETURNS TABLE (kind text, affected bigint)
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    silent bigint[];
BEGIN
    IF older_than IS NULL OR older_than < interval '0' THEN
        RAISE EXCEPTION 'older_than must be a time span that is not negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- The widget was opened, and nothing was said. Looked at again once it is locked: a first message may have come between.
    kind := 'conversations without messages';
    SELECT array_agg(s.id)
    INTO silent
    FROM (SELECT c.id
          FROM "${prefix:}woo_ai_conversations" c
          WHERE c.created_at < now() - older_than
            AND NOT EXISTS (SELECT FROM "${prefix:}woo_ai_messages" m WHERE m.conversation_id = c.id)
          FOR UPDATE SKIP LOCKED) s;
    DELETE FROM "${prefix:}woo_ai_conversations" c
    WHERE c.id = ANY (silent)
      AND NOT EXISTS (SELECT FROM "${prefix:}woo_ai_messages" m WHERE m.conversation_id = c.id);
    GET DIAGNOSTICS affected = ROW_COUNT;
    RETURN NEXT;

    kind := 'messages without conversation';
    DELETE FROM "${prefix:}woo_ai_messages" m
    WHERE NOT EXISTS (SELECT FROM "${prefix:}woo_ai_conversations" c WHERE c.id = m.conversation_id);
    GET DIAGNOSTICS affected = ROW_COUNT;
    RETURN NEXT;

    kind := 'metrics with a lost conversation';
    UPDATE "${prefix:}woo_ai_analytics" a
    SET conversation_id = NULL
    WHERE a.conversation_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM "${prefix:}woo_ai_conversations" c WHERE c.id = a.conversation_id);
    GET DIAGNOSTICS affected = ROW_COUNT;
    RETURN NEXT;
END $$;

-- Removes the chunks of contents that WordPress no longer has; only WordPress knows which those are. An empty list would empty the
-- knowledge base of that type, so it is refused: it is more often a query that failed than a shop without products.
CREATE FUNCTION "${prefix:}woo_ai_cleanup_orphaned_chunks"(content_type text, existing_ids bigint[]) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    removed bigint;
BEGIN
    IF coalesce(cardinality(existing_ids), 0) = 0 OR array_position(existing_ids, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'existing_ids must name the contents that exist' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM "${prefix:}woo_ai_knowledge_base" k
    WHERE k.content_type = $1
      AND NOT EXISTS (SELECT FROM unnest(existing_ids) e (id) WHERE e.id = k.content_id);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;

-- How large each table is, and whether vacuuming keeps up.
CREATE VIEW "${prefix:}woo_ai_table_sizes" AS
SELECT c.relname AS table_name,
       s.n_live_tup AS live_rows,
       s.n_dead_tup AS dead_rows,
       pg_table_size(c.oid) AS table_bytes,
       pg_indexes_size(c.oid) AS index_bytes,
       pg_total_relation_size(c.oid) AS total_bytes,
       greatest(s.last_vacuum, s.last_autovacuum) AS last_vacuum_at,
       greatest(s.last_analyze, s.last_autoanalyze) AS last_analyze_at
FROM pg_class c
JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.oid IN ('"${prefix:}woo_ai_conversations"'::regclass,
                '"${prefix:}woo_ai_messages"'::regclass,
                '"${prefix:}woo_ai_knowledge_base"'::regclass,
                '"${prefix:}woo_ai_settings"'::regclass,
                '"${prefix:}woo_ai_analytics"'::regclass,
                '"${prefix:}woo_ai_action_logs"'::regclass,
                '"${prefix:}woo_ai_conversation_archive"'::regclass);

-- Which index is used how often: one that nobody uses costs every write for nothing.
CREATE VIEW "${prefix:}woo_ai_index_usage" AS
SELECT s.relname AS table_name,
       s.indexrelname AS index_name,
       s.idx_scan AS scans,
       pg_relation_size(s.indexrelid) AS index_bytes,
       i.indisunique AS is_unique,
       i.indisvalid AS is_valid
FROM pg_stat_all_indexes s
JOIN pg_index i ON i.indexrelid = s.indexrelid
WHERE s.relid IN ('"${prefix:}woo_ai_conversations"'::regclass,
                  '"${prefix:}woo_ai_messages"'::regclass,
                  '"${prefix:}woo_ai_knowledge_base"'::regclass,
                  '"${prefix:}woo_ai_settings"'::regclass,
                  '"${prefix:}woo_ai_analytics"'::regclass,
                  '"${prefix:}woo_ai_action_logs"'::regclass,
                  '"${prefix:}woo_ai_conversation_archive"'::regclass);

-- Puts today's sizes among the metrics, from where woo_ai_daily_metrics shows how they grow.
CREATE FUNCTION "${prefix:}woo_ai_record_sizes"() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    recorded bigint;
BEGIN
    INSERT INTO "${prefix:}woo_ai_analytics" (metric_type, metric_value, context)
    SELECT 'database_bytes', pg_database_size(current_database()), '{}'::jsonb
    UNION ALL
    SELECT 'table_bytes:' || substr(table_name, length('${prefix:}') + 1), total_bytes, jsonb_build_object('live_rows', live_rows)
    FROM "${prefix:}woo_ai_table_sizes";
    GET DIAGNOSTICS recorded = ROW_COUNT;
    RETURN recorded;
END $$;

GRANT SELECT ON "${prefix:}woo_ai_table_sizes", "${prefix:}woo_ai_index_usage" TO "${gangway:user}";
