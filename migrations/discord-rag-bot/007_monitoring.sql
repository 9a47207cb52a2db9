-- What the guide asks the database after the migration and in operation, as views. For the service role.
-- gangway: type=schema
-- gangway: requires=2
-- gangway: risk=low

CREATE VIEW monitor_table_sizes AS
SELECT n.nspname AS schemaname, c.relname AS tablename, pg_size_pretty(pg_total_relation_size(c.oid)) AS size,
       pg_total_relation_size(c.oid) AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = '${gangway:schema}' AND c.relkind IN ('r', 'p', 'm')
ORDER BY bytes DESC;
COMMENT ON VIEW monitor_table_sizes IS 'Tables with their indexes, the largest first';

CREATE VIEW monitor_index_usage AS
SELECT schemaname, relname AS tablename, indexrelname AS indexname, idx_scan, idx_tup_read,
       pg_size_pretty(pg_relation_size(indexrelid)) AS size
FROM pg_stat_user_indexes
WHERE schemaname = '${gangway:schema}'
ORDER BY idx_scan DESC;
COMMENT ON VIEW monitor_index_usage IS 'How often each index is used; one that is never used only costs';

-- A view reads tables with the rights of its owner, who may see nothing of query_history (forceRowSecurity in 002), while
-- a function in it runs as the caller. Only what the views need: the texts are long.
CREATE FUNCTION monitored_queries(p_since timestamptz)
    RETURNS TABLE (user_id text, guild_id text, response_time_ms integer, cache_hit boolean, failed boolean)
    LANGUAGE sql STABLE SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT user_id, guild_id, response_time_ms, cache_hit, error IS NOT NULL
    FROM query_history WHERE created_at > p_since
$$;
COMMENT ON FUNCTION monitored_queries(timestamptz) IS 'What the views need of the history since then';

CREATE VIEW monitor_active_users AS
SELECT count(DISTINCT user_id) AS active_users, count(*) AS queries
FROM monitored_queries(now() - interval '24 hours');
COMMENT ON VIEW monitor_active_users IS 'Users with a question in the last 24 hours';

CREATE VIEW monitor_top_users AS
SELECT user_id, count(*) AS query_count
FROM monitored_queries('-infinity')
GROUP BY user_id
ORDER BY query_count DESC, user_id
LIMIT 10;
COMMENT ON VIEW monitor_top_users IS 'The ten users with the most questions';

CREATE VIEW monitor_response_time AS
SELECT avg(response_time_ms) AS avg_response_time_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms) AS p95_response_time_ms,
       count(*) FILTER (WHERE failed) AS errors
FROM monitored_queries(now() - interval '24 hours');
COMMENT ON VIEW monitor_response_time IS 'How long answers took in the last 24 hours';

-- Two rates: how many of the cached answers were ever given again, and how many of a day's questions they answered.
CREATE VIEW monitor_cache_hit_rate AS
SELECT c.entries, c.entries_hit, c.entries_hit::double precision / nullif(c.entries, 0) * 100 AS cache_hit_rate,
       q.hits::double precision / nullif(q.queries, 0) * 100 AS query_hit_rate
FROM (SELECT count(*) AS entries, count(*) FILTER (WHERE hit_count > 0) AS entries_hit FROM query_cache) c,
     (SELECT count(*) AS queries, count(*) FILTER (WHERE cache_hit) AS hits
      FROM monitored_queries(now() - interval '24 hours')) q;
COMMENT ON VIEW monitor_cache_hit_rate IS 'Per cent of cached answers given again, and of the last day''s questions answered so';

-- pg_stat_statements is no extension that a migration could create: the server has to be started with it.
CREATE FUNCTION query_performance(p_pattern text DEFAULT '%documents%', p_limit integer DEFAULT 10)
    RETURNS TABLE (query text, mean_exec_time double precision, calls bigint, note text)
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    home text := (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                  WHERE e.extname = 'pg_stat_statements');
BEGIN
    IF home IS NULL THEN
        RETURN QUERY SELECT NULL::text, NULL::double precision, NULL::bigint,
            'pg_stat_statements is not installed: CREATE EXTENSION pg_stat_statements, on a server that loads it'
            ' (shared_preload_libraries)';
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT s.query, s.mean_exec_time, s.calls, NULL::text
         FROM %s.pg_stat_statements s
         WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND s.query LIKE $1
         ORDER BY s.mean_exec_time DESC LIMIT $2', home)
        USING p_pattern, coalesce(p_limit, 10);
EXCEPTION WHEN object_not_in_prerequisite_state OR undefined_column THEN
    RETURN QUERY SELECT NULL::text, NULL::double precision, NULL::bigint, 'pg_stat_statements cannot be read: ' || SQLERRM;
END
$$;
COMMENT ON FUNCTION query_performance(text, integer) IS 'The slowest statements on average, where pg_stat_statements is there';

REVOKE ALL ON monitor_table_sizes, monitor_index_usage, monitor_active_users, monitor_top_users, monitor_response_time,
    monitor_cache_hit_rate
    FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT SELECT ON monitor_table_sizes, monitor_index_usage, monitor_active_users, monitor_top_users, monitor_response_time,
    monitor_cache_hit_rate TO "${serviceRole:service_role}";
REVOKE ALL ON FUNCTION monitored_queries(timestamptz), query_performance(text, integer)
    FROM PUBLIC, "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT EXECUTE ON FUNCTION monitored_queries(timestamptz), query_performance(text, integer)
    TO "${serviceRole:service_role}";
