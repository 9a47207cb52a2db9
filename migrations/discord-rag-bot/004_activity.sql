-- What the bot does around each question: cached answers, rate limits, user profiles, and the cleaning of what grows.
--
-- Each function is one atomic statement, so any number of bot processes may call it at once. They use the time of the call,
-- not that of the transaction, which may have begun long before. For the service role only.
-- gangway: type=schema
-- gangway: requires=2
-- gangway: risk=low

-- Case and white space make no other question.
CREATE FUNCTION query_hash(p_query_text text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT encode(sha256(convert_to(lower(btrim(regexp_replace(p_query_text, '\s+', ' ', 'g'))), 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION query_hash(text) IS 'The key of a question in query_cache';

-- p_guild_id is that whose documents the answer was made of; '' for direct messages, whose answers may be made of public
-- documents only.
CREATE FUNCTION cache_response(
    p_guild_id      text,
    p_query_text    text,
    p_response_text text,
    p_sources       jsonb DEFAULT '[]',
    p_ttl           interval DEFAULT '24 hours'
) RETURNS void
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    INSERT INTO query_cache AS c (guild_id, query_hash, query_text, response_text, sources, created_at, expires_at)
    VALUES (coalesce(p_guild_id, ''), query_hash(p_query_text), p_query_text, p_response_text, coalesce(p_sources, '[]'),
            clock_timestamp(), clock_timestamp() + coalesce(p_ttl, '24 hours'))
    ON CONFLICT (guild_id, query_hash) DO UPDATE SET
        query_text = excluded.query_text, response_text = excluded.response_text, sources = excluded.sources,
        hit_count = 0, last_hit_at = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at
$$;
COMMENT ON FUNCTION cache_response(text, text, text, jsonb, interval) IS 'Keeps an answer, in place of an older one';

CREATE FUNCTION cached_response(p_guild_id text, p_query_text text)
    RETURNS TABLE (response_text text, sources jsonb, hit_count bigint, created_at timestamptz)
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    UPDATE query_cache c SET hit_count = c.hit_count + 1, last_hit_at = clock_timestamp()
    WHERE c.guild_id = coalesce(p_guild_id, '') AND c.query_hash = query_hash(p_query_text)
      AND c.expires_at > clock_timestamp()
    RETURNING c.response_text, c.sources, c.hit_count, c.created_at
$$;
COMMENT ON FUNCTION cached_response(text, text) IS 'The answer to this question, counted as a hit; no row where there is none';

-- One request: counts it, and says whether it is allowed. Of concurrent requests exactly p_limit are.
CREATE FUNCTION consume_rate_limit(
    p_user_id    text,
    p_limit      integer,
    p_window     interval,
    p_guild_id   text DEFAULT '',
    p_limit_type text DEFAULT 'query'
) RETURNS TABLE (allowed boolean, remaining integer, resets_at timestamptz)
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    moment constant timestamptz := clock_timestamp();
BEGIN
    IF p_limit < 0 OR p_limit IS NULL THEN
        RAISE EXCEPTION 'p_limit is %', p_limit USING ERRCODE = 'invalid_parameter_value',
            HINT = 'It is how many requests are allowed in a window.';
    END IF;
    -- The count stops one above the limit: it does not grow with the attempts that are turned away.
    RETURN QUERY
        INSERT INTO rate_limits AS r (user_id, guild_id, limit_type, request_count, window_started_at, expires_at)
        VALUES (p_user_id, coalesce(p_guild_id, ''), p_limit_type, 1, moment, moment + p_window)
        ON CONFLICT (user_id, guild_id, limit_type) DO UPDATE SET
            request_count = CASE WHEN r.expires_at <= moment THEN 1 ELSE least(r.request_count, p_limit) + 1 END,
            window_started_at = CASE WHEN r.expires_at <= moment THEN moment ELSE r.window_started_at END,
            expires_at = CASE WHEN r.expires_at <= moment THEN moment + p_window ELSE r.expires_at END
        RETURNING r.request_count <= p_limit, greatest(p_limit - r.request_count, 0), r.expires_at;
END
$$;
COMMENT ON FUNCTION consume_rate_limit(text, integer, interval, text, text) IS 'Counts a request and says whether it is allowed';

-- The new window is as long as the old one. Of concurrent callers one is told that it has reset.
CREATE FUNCTION reset_rate_limit_if_expired(
    p_user_id    text,
    p_guild_id   text DEFAULT '',
    p_limit_type text DEFAULT 'query'
) RETURNS boolean
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    moment constant timestamptz := clock_timestamp();
BEGIN
    UPDATE rate_limits
    SET request_count = 0, window_started_at = moment, expires_at = moment + (expires_at - window_started_at)
    WHERE user_id = p_user_id AND guild_id = coalesce(p_guild_id, '') AND limit_type = p_limit_type
      AND expires_at <= moment;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION reset_rate_limit_if_expired(text, text, text) IS
    'Begins a new window where the old one is over; says whether it did';

-- To be called once for each question. What is null stays as it is. The empty guild, of direct messages, is none.
CREATE FUNCTION update_user_profile(
    p_user_id          text,
    p_username         text DEFAULT NULL,
    p_guild_id         text DEFAULT NULL,
    p_tokens_used      integer DEFAULT 0,
    p_response_time_ms integer DEFAULT NULL
) RETURNS user_profiles
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    INSERT INTO user_profiles AS p (user_id, username, guild_ids, total_queries, total_tokens, timed_queries,
                                    total_response_time_ms, last_query_at)
    VALUES (p_user_id, p_username, CASE WHEN p_guild_id <> '' THEN ARRAY[p_guild_id] ELSE '{}' END, 1,
            coalesce(p_tokens_used, 0), (p_response_time_ms IS NOT NULL)::integer, coalesce(p_response_time_ms, 0),
            clock_timestamp())
    ON CONFLICT (user_id) DO UPDATE SET
        username = coalesce(excluded.username, p.username),
        guild_ids = CASE WHEN p.guild_ids @> excluded.guild_ids THEN p.guild_ids
                         ELSE p.guild_ids || excluded.guild_ids END,
        total_queries = p.total_queries + 1,
        total_tokens = p.total_tokens + excluded.total_tokens,
        timed_queries = p.timed_queries + excluded.timed_queries,
        total_response_time_ms = p.total_response_time_ms + excluded.total_response_time_ms,
        last_query_at = greatest(p.last_query_at, excluded.last_query_at)
    RETURNING p.*
$$;
COMMENT ON FUNCTION update_user_profile(text, text, text, integer, integer) IS 'Counts a question of the user';

-- Cleaning. What another session is just using is left for the next time, so nobody waits for a cleaner.
CREATE FUNCTION clean_expired_cache() RETURNS bigint
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    WITH gone AS (
        DELETE FROM query_cache c
        USING (SELECT guild_id, query_hash FROM query_cache WHERE expires_at <= clock_timestamp()
               FOR UPDATE SKIP LOCKED) old
        WHERE c.guild_id = old.guild_id AND c.query_hash = old.query_hash
        RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION clean_expired_cache() IS 'Deletes expired answers; says how many';

CREATE FUNCTION clean_expired_rate_limits() RETURNS bigint
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    WITH gone AS (
        DELETE FROM rate_limits r
        USING (SELECT user_id, guild_id, limit_type FROM rate_limits WHERE expires_at <= clock_timestamp()
               FOR UPDATE SKIP LOCKED) old
        WHERE r.user_id = old.user_id AND r.guild_id = old.guild_id AND r.limit_type = old.limit_type
        RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION clean_expired_rate_limits() IS 'Deletes windows that are over; says how many';

-- Where forceRowSecurity is true (002) the owner sees nothing of these two tables, so he would delete nothing without being
-- told.
CREATE FUNCTION clean_query_history(p_older_than interval DEFAULT '90 days', p_at_most integer DEFAULT 10000)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    gone bigint;
BEGIN
    IF row_security_active('query_history') AND NOT pg_has_role('${serviceRole:service_role}', 'USAGE') THEN
        RAISE EXCEPTION '% sees nothing of query_history', current_user USING ERRCODE = 'insufficient_privilege',
            HINT = 'Run it as ${serviceRole:service_role}: SET ROLE "${serviceRole:service_role}";';
    END IF;
    DELETE FROM query_history
    WHERE id IN (SELECT id FROM query_history WHERE created_at < now() - p_older_than
                 ORDER BY created_at LIMIT p_at_most FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
COMMENT ON FUNCTION clean_query_history(interval, integer) IS 'Deletes the oldest questions; says how many. Feedback on them stays';

CREATE FUNCTION clean_audit_logs(p_older_than interval DEFAULT '365 days', p_at_most integer DEFAULT 10000)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    gone bigint;
BEGIN
    IF row_security_active('audit_logs') AND NOT pg_has_role('${serviceRole:service_role}', 'USAGE') THEN
        RAISE EXCEPTION '% sees nothing of audit_logs', current_user USING ERRCODE = 'insufficient_privilege',
            HINT = 'Run it as ${serviceRole:service_role}: SET ROLE "${serviceRole:service_role}";';
    END IF;
    DELETE FROM audit_logs
    WHERE id IN (SELECT id FROM audit_logs WHERE created_at < now() - p_older_than
                 ORDER BY created_at LIMIT p_at_most FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
COMMENT ON FUNCTION clean_audit_logs(interval, integer) IS 'Deletes the oldest audit entries; says how many';

CREATE FUNCTION run_maintenance() RETURNS TABLE (task text, deleted bigint)
    LANGUAGE sql SET search_path = "${gangway:schema}", pg_temp
AS $$
    VALUES ('query_cache', clean_expired_cache()), ('rate_limits', clean_expired_rate_limits()),
           ('query_history', clean_query_history()), ('audit_logs', clean_audit_logs())
$$;
COMMENT ON FUNCTION run_maintenance() IS 'All four cleanings with their defaults, for a daily job';

REVOKE ALL ON FUNCTION query_hash(text), cache_response(text, text, text, jsonb, interval), cached_response(text, text),
    consume_rate_limit(text, integer, interval, text, text), reset_rate_limit_if_expired(text, text, text),
    update_user_profile(text, text, text, integer, integer), clean_expired_cache(), clean_expired_rate_limits(),
    clean_query_history(interval, integer), clean_audit_logs(interval, integer), run_maintenance()
    FROM PUBLIC, "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT EXECUTE ON FUNCTION query_hash(text), cache_response(text, text, text, jsonb, interval), cached_response(text, text),
    consume_rate_limit(text, integer, interval, text, text), reset_rate_limit_if_expired(text, text, text),
    update_user_profile(text, text, text, integer, integer), clean_expired_cache(), clean_expired_rate_limits(),
    clean_query_history(interval, integer), clean_audit_logs(interval, integer), run_maintenance()
    TO "${serviceRole:service_role}";
