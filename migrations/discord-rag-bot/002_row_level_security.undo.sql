-- Takes back policies, privileges and the context. The roles stay: they belong to the whole server, and other databases may
-- use them. documents gets the privileges and the row security back that it had before.
DO $before$
DECLARE
    before constant jsonb := (
        SELECT obj_description(oid, 'pg_policy') FROM pg_policy
        WHERE polrelid = 'documents'::regclass AND polname = 'documents_service_all');
    item record;
BEGIN
    REVOKE ALL ON documents, server_configs, query_history, query_cache, rate_limits, user_profiles, feedback, audit_logs
        FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
    FOR item IN SELECT * FROM jsonb_to_recordset(before -> 'grants') AS g (role text, privilege text, grantable boolean) LOOP
        -- aclexplode tells PUBLIC as the role with the name -.
        EXECUTE format('GRANT %s ON documents TO %s', item.privilege, CASE item.role WHEN '-' THEN 'PUBLIC' ELSE item.role END)
            || CASE WHEN item.grantable THEN ' WITH GRANT OPTION' ELSE '' END;
    END LOOP;
    FOR item IN SELECT jsonb_array_elements_text(before -> 'usage') AS role LOOP
        EXECUTE format('REVOKE USAGE ON SCHEMA "${gangway:schema}" FROM %I', item.role);
    END LOOP;
    IF before ? 'sequence_grants' THEN
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, "${serviceRole:service_role}",'
                       ' "${authenticatedRole:authenticated}", "${anonymousRole:anon}"',
                       pg_get_serial_sequence('documents', 'id'));
        FOR item IN SELECT * FROM jsonb_to_recordset(before -> 'sequence_grants')
                        AS g (role text, privilege text, grantable boolean)
        LOOP
            EXECUTE format('GRANT %s ON SEQUENCE %s TO %s', item.privilege, pg_get_serial_sequence('documents', 'id'),
                           CASE item.role WHEN '-' THEN 'PUBLIC' ELSE item.role END)
                || CASE WHEN item.grantable THEN ' WITH GRANT OPTION' ELSE '' END;
        END LOOP;
    END IF;
    IF NOT (before ->> 'enabled')::boolean THEN
        ALTER TABLE documents DISABLE ROW LEVEL SECURITY;
    END IF;
END
$before$;

ALTER TABLE server_configs DISABLE ROW LEVEL SECURITY;
ALTER TABLE query_history DISABLE ROW LEVEL SECURITY;
ALTER TABLE query_history NO FORCE ROW LEVEL SECURITY;
ALTER TABLE query_cache DISABLE ROW LEVEL SECURITY;
ALTER TABLE rate_limits DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_profiles DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_profiles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE feedback DISABLE ROW LEVEL SECURITY;
ALTER TABLE feedback NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_logs DISABLE ROW LEVEL SECURITY;
ALTER TABLE audit_logs NO FORCE ROW LEVEL SECURITY;

DROP POLICY documents_service_all ON documents;
DROP POLICY documents_authenticated_public ON documents;
DROP POLICY documents_authenticated_guild ON documents;
DROP POLICY documents_anonymous_public ON documents;
DROP POLICY documents_anonymous_nothing_else ON documents;
DROP POLICY server_configs_service_all ON server_configs;
DROP POLICY server_configs_authenticated_guild ON server_configs;
DROP POLICY server_configs_anonymous_nothing ON server_configs;
DROP POLICY query_history_service_all ON query_history;
DROP POLICY query_history_authenticated_own ON query_history;
DROP POLICY query_history_anonymous_nothing ON query_history;
DROP POLICY query_cache_service_all ON query_cache;
DROP POLICY query_cache_authenticated_nothing ON query_cache;
DROP POLICY query_cache_anonymous_nothing ON query_cache;
DROP POLICY rate_limits_service_all ON rate_limits;
DROP POLICY rate_limits_authenticated_own ON rate_limits;
DROP POLICY rate_limits_anonymous_nothing ON rate_limits;
DROP POLICY user_profiles_service_all ON user_profiles;
DROP POLICY user_profiles_authenticated_own ON user_profiles;
DROP POLICY user_profiles_anonymous_nothing ON user_profiles;
DROP POLICY feedback_service_all ON feedback;
DROP POLICY feedback_authenticated_own ON feedback;
DROP POLICY feedback_anonymous_nothing ON feedback;
DROP POLICY audit_logs_service_all ON audit_logs;
DROP POLICY audit_logs_authenticated_nothing ON audit_logs;
DROP POLICY audit_logs_anonymous_nothing ON audit_logs;
DROP POLICY audit_logs_owner_append ON audit_logs;

DROP FUNCTION clear_context(), set_guild_context(text), set_user_context(text), context_guild_id(), context_user_id(),
    context_token();
