-- Who may see and change which rows: roles, the context that says for whom a session works, and the policies.
--
-- service:       the bot's backend; everything
-- authenticated: reads the public documents, what belongs to the guild of the context, and the context's user's own rows
-- anonymous:     reads the public documents
--
-- Who may say for whom a session works: where there is a verified token (PostgREST and Supabase put its claims into
-- request.jwt.claims), the token alone. Where there is none, whoever can log in as authenticated: that is to be a trusted
-- backend, never a user with a password of his own.
-- gangway: type=schema
-- gangway: requires=1
-- gangway: risk=low

-- Roles belong to the whole server. Another database may create them at this very moment.
DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['${serviceRole:service_role}', '${authenticatedRole:authenticated}',
                                  '${anonymousRole:anon}']
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'The role % is missing, and % may not create roles', wanted, current_user
                    USING ERRCODE = 'insufficient_privilege',
                          HINT = format('Let an administrator run: CREATE ROLE %I NOLOGIN;', wanted)
                              || ' Or name roles that exist by gangway.placeholders.serviceRole, authenticatedRole and'
                              || ' anonymousRole.';
        END;
    END LOOP;
END
$roles$;

-- Policies add up: one that is there already would let through what these forbid.
DO $policies$
DECLARE
    others text;
BEGIN
    SELECT string_agg(quote_ident(polname), ', ') INTO others
    FROM pg_policy WHERE polrelid = 'documents'::regclass;
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'The table documents has policies already: %', others
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Policies add up, so documents would be open to more people than this pack says. Drop them first:'
                      ' DROP POLICY … ON documents;';
    END IF;
END
$policies$;

-- The claims of the verified token, or null where there is none. A token of the service role says nothing about users.
-- PostgREST before version 12 may set request.jwt.claim.NAME instead: if that were overlooked, its users could choose who
-- they are.
CREATE FUNCTION context_token() RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
BEGIN
    IF claims IS NULL AND nullif(current_setting('request.jwt.claim.role', true), '') IS NOT NULL THEN
        claims := jsonb_build_object('role', current_setting('request.jwt.claim.role', true));
        SELECT claims || coalesce(jsonb_object_agg(path[1], CASE
                   WHEN path[2] IS NULL AND path[1] = '${userClaim:sub}' THEN to_jsonb(value)
                   ELSE value::jsonb END), '{}')
        INTO claims
        FROM (SELECT path, nullif(current_setting('request.jwt.claim.' || path[1], true), '') AS value
              FROM (VALUES (string_to_array('${userClaim:sub}', '.')),
                           (string_to_array('${guildsClaim:app_metadata.guild_ids}', '.'))) AS paths (path)) AS claim
        WHERE value IS NOT NULL;
    END IF;
    IF claims ->> 'role' = '${serviceRole:service_role}' THEN
        RETURN NULL;
    END IF;
    RETURN claims;
END
$$;
COMMENT ON FUNCTION context_token() IS 'The claims of the verified token of this request, or null';

CREATE FUNCTION context_user_id() RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    token constant jsonb := context_token();
BEGIN
    IF token IS NULL THEN
        RETURN nullif(current_setting('app.current_user_id', true), '');
    END IF;
    RETURN nullif(token #>> string_to_array('${userClaim:sub}', '.'), '');
END
$$;
COMMENT ON FUNCTION context_user_id() IS 'The user whom this session works for: the token''s, else that of set_user_context';

-- With a token only a guild counts that the token lists. The guild itself is that of set_guild_context or, because requests
-- of PostgREST share their sessions, that of the request's header x-guild-id.
CREATE FUNCTION context_guild_id() RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    token  constant jsonb := context_token();
    guild  text := nullif(current_setting('app.current_guild_id', true), '');
    guilds jsonb;
BEGIN
    IF token IS NULL THEN
        RETURN guild;
    END IF;
    guild := coalesce(nullif(nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-guild-id', ''), guild);
    guilds := token #> string_to_array('${guildsClaim:app_metadata.guild_ids}', '.');
    IF jsonb_typeof(guilds) = 'array' AND guild IN (SELECT jsonb_array_elements_text(guilds)) THEN
        RETURN guild;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION context_guild_id() IS 'The guild whose documents and settings this session may read';

-- Holds until clear_context() or the end of the session, so that a statement after it, outside of a transaction, has it,
-- too. The guild goes: it was that of another user.
CREATE FUNCTION set_user_context(p_user_id text) RETURNS void
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    IF nullif(p_user_id, '') IS NULL THEN
        RAISE EXCEPTION 'p_user_id is missing'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'To work for nobody, call clear_context().';
    END IF;
    IF context_token() IS NOT NULL AND p_user_id IS DISTINCT FROM context_user_id() THEN
        RAISE EXCEPTION 'The token says who the user is'
            USING ERRCODE = 'insufficient_privilege', HINT = 'With a token there is no need to call set_user_context.';
    END IF;
    PERFORM set_config('app.current_user_id', p_user_id, false), set_config('app.current_guild_id', '', false);
END
$$;
COMMENT ON FUNCTION set_user_context(text) IS 'This session works for that user, until clear_context()';

CREATE FUNCTION set_guild_context(p_guild_id text) RETURNS void
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    token  constant jsonb := context_token();
    guilds jsonb;
BEGIN
    IF nullif(p_guild_id, '') IS NULL THEN
        RAISE EXCEPTION 'p_guild_id is missing'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'To leave all guilds, call clear_context().';
    END IF;
    IF token IS NOT NULL THEN
        guilds := token #> string_to_array('${guildsClaim:app_metadata.guild_ids}', '.');
        IF jsonb_typeof(guilds) IS DISTINCT FROM 'array'
            OR p_guild_id NOT IN (SELECT jsonb_array_elements_text(guilds)) THEN
            RAISE EXCEPTION 'The token does not list this guild'
                USING ERRCODE = 'insufficient_privilege',
                      HINT = 'The claim ${guildsClaim:app_metadata.guild_ids} is to be an array of the user''s guilds.';
        END IF;
    END IF;
    PERFORM set_config('app.current_guild_id', p_guild_id, false);
END
$$;
COMMENT ON FUNCTION set_guild_context(text) IS 'This session may read what belongs to that guild, until clear_context()';

CREATE FUNCTION clear_context() RETURNS void
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    PERFORM set_config('app.current_user_id', '', false), set_config('app.current_guild_id', '', false);
END
$$;
COMMENT ON FUNCTION clear_context() IS 'This session works for nobody: to be called before it goes back to its pool';

-- Every new function is open to PUBLIC, and on Supabase to anon by name.
REVOKE ALL ON FUNCTION context_token(), context_user_id(), context_guild_id(), set_user_context(text),
    set_guild_context(text), clear_context() FROM PUBLIC, "${anonymousRole:anon}";
GRANT EXECUTE ON FUNCTION context_token(), context_user_id(), context_guild_id(), set_user_context(text),
    set_guild_context(text), clear_context() TO "${serviceRole:service_role}", "${authenticatedRole:authenticated}";

-- Policies. (SELECT …) is evaluated once for a statement, a bare call once for a row. Those that say nothing are
-- restrictive: they hold even when somebody adds a policy for everybody later.
CREATE POLICY documents_service_all ON documents TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY documents_authenticated_public ON documents FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (is_public);
CREATE POLICY documents_authenticated_guild ON documents FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (guild_id = (SELECT context_guild_id()));
CREATE POLICY documents_anonymous_public ON documents FOR SELECT TO "${anonymousRole:anon}"
    USING (is_public);
CREATE POLICY documents_anonymous_nothing_else ON documents AS RESTRICTIVE TO "${anonymousRole:anon}"
    USING (is_public) WITH CHECK (false);

CREATE POLICY server_configs_service_all ON server_configs TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY server_configs_authenticated_guild ON server_configs FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (guild_id = (SELECT context_guild_id()));
CREATE POLICY server_configs_anonymous_nothing ON server_configs AS RESTRICTIVE TO "${anonymousRole:anon}"
    USING (false);

CREATE POLICY query_history_service_all ON query_history TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY query_history_authenticated_own ON query_history FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (user_id = (SELECT context_user_id()));
CREATE POLICY query_history_anonymous_nothing ON query_history AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);

CREATE POLICY query_cache_service_all ON query_cache TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY query_cache_authenticated_nothing ON query_cache AS RESTRICTIVE TO "${authenticatedRole:authenticated}"
    USING (false);
CREATE POLICY query_cache_anonymous_nothing ON query_cache AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);

CREATE POLICY rate_limits_service_all ON rate_limits TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY rate_limits_authenticated_own ON rate_limits FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (user_id = (SELECT context_user_id()));
CREATE POLICY rate_limits_anonymous_nothing ON rate_limits AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);

CREATE POLICY user_profiles_service_all ON user_profiles TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY user_profiles_authenticated_own ON user_profiles FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (user_id = (SELECT context_user_id()));
CREATE POLICY user_profiles_anonymous_nothing ON user_profiles AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);

CREATE POLICY feedback_service_all ON feedback TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY feedback_authenticated_own ON feedback FOR SELECT TO "${authenticatedRole:authenticated}"
    USING (user_id = (SELECT context_user_id()));
CREATE POLICY feedback_anonymous_nothing ON feedback AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);

CREATE POLICY audit_logs_service_all ON audit_logs TO "${serviceRole:service_role}" USING (true) WITH CHECK (true);
CREATE POLICY audit_logs_authenticated_nothing ON audit_logs AS RESTRICTIVE TO "${authenticatedRole:authenticated}"
    USING (false);
CREATE POLICY audit_logs_anonymous_nothing ON audit_logs AS RESTRICTIVE TO "${anonymousRole:anon}" USING (false);
-- What the owner changes is written down as well where forceRowSecurity is true. There he reads it as service only.
CREATE POLICY audit_logs_owner_append ON audit_logs FOR INSERT TO CURRENT_USER WITH CHECK (true);

-- documents may have had privileges and row security of its own. The comment remembers them for the undo script, and goes
-- with its policy.
DO $before$
DECLARE
    before   jsonb;
    needing  text[];
    numbers constant regclass := pg_get_serial_sequence('documents', 'id');
BEGIN
    SELECT jsonb_build_object(
               'enabled', c.relrowsecurity, 'forced', c.relforcerowsecurity,
               'grants', coalesce((
                   SELECT jsonb_agg(jsonb_build_object('role', a.grantee::regrole, 'privilege', a.privilege_type,
                                                       'grantable', a.is_grantable))
                   FROM aclexplode(c.relacl) a
                   WHERE a.grantee = 0 OR a.grantee::regrole IN ('"${serviceRole:service_role}"'::regrole,
                       '"${authenticatedRole:authenticated}"'::regrole, '"${anonymousRole:anon}"'::regrole)), '[]'))
    INTO before
    FROM pg_class c WHERE c.oid = 'documents'::regclass;

    -- Without USAGE on the schema no privilege in it counts. Only what is missing is granted, and taken back by the undo.
    SELECT coalesce(array_agg(rolname::text), '{}') INTO needing
    FROM pg_roles
    WHERE rolname IN ('${serviceRole:service_role}', '${authenticatedRole:authenticated}', '${anonymousRole:anon}')
      AND NOT has_schema_privilege(rolname, '"${gangway:schema}"'::regnamespace::oid, 'USAGE');
    FOR i IN 1 .. cardinality(needing) LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA "${gangway:schema}" TO %I', needing[i]);
    END LOOP;

    -- A table of the basic storage numbers its rows by a sequence that the service role has to be able to use.
    IF numbers IS NOT NULL THEN
        before := before || jsonb_build_object('sequence_grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object('role', a.grantee::regrole, 'privilege', a.privilege_type,
                                                'grantable', a.is_grantable))
            FROM pg_class c, aclexplode(c.relacl) a
            WHERE c.oid = numbers
              AND (a.grantee = 0 OR a.grantee::regrole IN ('"${serviceRole:service_role}"'::regrole,
                  '"${authenticatedRole:authenticated}"'::regrole, '"${anonymousRole:anon}"'::regrole))), '[]'));
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, "${serviceRole:service_role}",'
                       ' "${authenticatedRole:authenticated}", "${anonymousRole:anon}"', numbers);
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO "${serviceRole:service_role}"', numbers);
    END IF;
    EXECUTE format('COMMENT ON POLICY documents_service_all ON documents IS %L',
                   (before || jsonb_build_object('usage', needing))::text);
END
$before$;

-- Supabase grants everything on every new table to all of its roles, TRUNCATE too, which no policy holds back, and on every
-- new sequence, so that visitors could set it back. Who inserts needs no privilege on the sequence of an identity column.
REVOKE ALL ON SEQUENCE query_history_id_seq, feedback_id_seq, audit_logs_id_seq
    FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
REVOKE ALL ON documents, server_configs, query_history, query_cache, rate_limits, user_profiles, feedback, audit_logs
    FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT SELECT, INSERT, UPDATE, DELETE
    ON documents, server_configs, query_history, query_cache, rate_limits, user_profiles, feedback, audit_logs
    TO "${serviceRole:service_role}";
GRANT SELECT ON documents, server_configs, query_history, rate_limits, user_profiles, feedback
    TO "${authenticatedRole:authenticated}";
GRANT SELECT ON documents TO "${anonymousRole:anon}";

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE server_configs ENABLE ROW LEVEL SECURITY;
ALTER TABLE query_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE query_cache ENABLE ROW LEVEL SECURITY;
ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;

-- With forceRowSecurity what users have said is hidden from the owner of the tables, too: an application that connects as
-- the owner by mistake sees nothing of it rather than all. It is not the default, because pg_dump refuses to work as such an
-- owner, and with it gangway.backup. Not for the other four, which migrations fill and the owner cleans.
DO $force$
BEGIN
    IF '${forceRowSecurity:false}'::boolean THEN
        ALTER TABLE query_history FORCE ROW LEVEL SECURITY;
        ALTER TABLE user_profiles FORCE ROW LEVEL SECURITY;
        ALTER TABLE feedback FORCE ROW LEVEL SECURITY;
        ALTER TABLE audit_logs FORCE ROW LEVEL SECURITY;
    END IF;
END
$force$;
