SELECT 'RLS' AS category, expected.name || ' has row level security' AS name, c.relrowsecurity AS passed
FROM unnest(ARRAY['documents', 'server_configs', 'query_history', 'query_cache', 'rate_limits', 'user_profiles',
                  'feedback', 'audit_logs']) AS expected (name)
LEFT JOIN pg_class c ON c.oid = to_regclass(expected.name);

SELECT 'RLS', 'each table has its policies', string_agg(expected.name, ', ') FILTER (WHERE p.polname IS NULL) IS NULL,
       'missing: ' || string_agg(expected.name, ', ') FILTER (WHERE p.polname IS NULL)
FROM (VALUES ('documents', 'documents_service_all'), ('documents', 'documents_authenticated_public'),
             ('documents', 'documents_authenticated_guild'), ('documents', 'documents_anonymous_public'),
             ('documents', 'documents_anonymous_nothing_else'),
             ('server_configs', 'server_configs_service_all'), ('server_configs', 'server_configs_authenticated_guild'),
             ('server_configs', 'server_configs_anonymous_nothing'),
             ('query_history', 'query_history_service_all'), ('query_history', 'query_history_authenticated_own'),
             ('query_history', 'query_history_anonymous_nothing'),
             ('query_cache', 'query_cache_service_all'), ('query_cache', 'query_cache_authenticated_nothing'),
             ('query_cache', 'query_cache_anonymous_nothing'),
             ('rate_limits', 'rate_limits_service_all'), ('rate_limits', 'rate_limits_authenticated_own'),
             ('rate_limits', 'rate_limits_anonymous_nothing'),
             ('user_profiles', 'user_profiles_service_all'), ('user_profiles', 'user_profiles_authenticated_own'),
             ('user_profiles', 'user_profiles_anonymous_nothing'),
             ('feedback', 'feedback_service_all'), ('feedback', 'feedback_authenticated_own'),
             ('feedback', 'feedback_anonymous_nothing'),
             ('audit_logs', 'audit_logs_service_all'), ('audit_logs', 'audit_logs_authenticated_nothing'),
             ('audit_logs', 'audit_logs_anonymous_nothing'), ('audit_logs', 'audit_logs_owner_append'))
         AS expected (tab, name)
LEFT JOIN pg_policy p ON p.polrelid = to_regclass(expected.tab) AND p.polname = expected.name;

SELECT 'RLS', 'neither users nor visitors pass the policies by',
       bool_and(NOT rolsuper AND NOT rolbypassrls AND NOT pg_has_role(r.oid, c.relowner, 'USAGE')),
       'they are neither superuser nor BYPASSRLS nor members of the owner'
FROM pg_roles r, pg_class c
WHERE rolname IN ('${authenticatedRole:authenticated}', '${anonymousRole:anon}') AND c.oid = 'documents'::regclass;

SELECT 'RLS', 'visitors may only read, and only documents',
       coalesce(string_agg(t.name || ' ' || p.privilege, ', ') = 'documents SELECT', false),
       'they may: ' || string_agg(t.name || ' ' || p.privilege, ', ')
FROM unnest(ARRAY['documents', 'server_configs', 'query_history', 'query_cache', 'rate_limits', 'user_profiles',
                  'feedback', 'audit_logs']) AS t (name),
     unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)
WHERE has_table_privilege('${anonymousRole:anon}', t.name, p.privilege);

SELECT 'RLS', 'visitors cannot choose a context',
       NOT bool_or(has_function_privilege('${anonymousRole:anon}', name, 'EXECUTE'))
FROM unnest(ARRAY['set_user_context(text)', 'set_guild_context(text)', 'clear_context()']) AS name;

SELECT 'RLS', 'the roles may use the schemas', count(*) = 0,
       'needed: GRANT USAGE ON SCHEMA "${gangway:schema}", "${gangway:vectorSchema}" TO '
           || string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
FROM pg_roles
WHERE rolname IN ('${serviceRole:service_role}', '${authenticatedRole:authenticated}', '${anonymousRole:anon}')
  AND NOT (has_schema_privilege(rolname, '"${gangway:schema}"'::regnamespace::oid, 'USAGE')
           AND has_schema_privilege(rolname, '"${gangway:vectorSchema}"'::regnamespace::oid, 'USAGE'));

SELECT 'Functions', name, to_regprocedure(name) IS NOT NULL
FROM unnest(ARRAY['set_user_context(text)', 'set_guild_context(text)', 'clear_context()', 'context_user_id()',
                  'context_guild_id()', 'context_token()']) AS name;

-- As it was in the basic storage; with its owner's rights it would tell visitors all documents.
SELECT 'RLS', 'match_documents_basic runs as the caller', bool_and(NOT prosecdef),
       string_agg(format('ALTER FUNCTION %s SECURITY INVOKER; or revoke EXECUTE on it from all but ${serviceRole:service_role}',
                         oid::regprocedure), ' ')
FROM pg_proc p
WHERE pronamespace = '"${gangway:schema}"'::regnamespace AND proname = 'match_documents_basic'
  AND (has_function_privilege('${authenticatedRole:authenticated}', p.oid, 'EXECUTE')
       OR has_function_privilege('${anonymousRole:anon}', p.oid, 'EXECUTE'))
HAVING count(*) > 0;
