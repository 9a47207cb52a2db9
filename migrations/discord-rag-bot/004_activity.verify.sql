SELECT 'Functions' AS category, split_part(name, '(', 1) AS name,
       coalesce(has_function_privilege('${serviceRole:service_role}', to_regprocedure(name), 'EXECUTE')
                AND NOT has_function_privilege('${authenticatedRole:authenticated}', to_regprocedure(name), 'EXECUTE')
                AND NOT has_function_privilege('${anonymousRole:anon}', to_regprocedure(name), 'EXECUTE'), false) AS passed,
       'for ${serviceRole:service_role} only' AS detail
FROM unnest(ARRAY['clean_expired_cache()', 'reset_rate_limit_if_expired(text, text, text)',
                  'update_user_profile(text, text, text, integer, integer)', 'query_hash(text)',
                  'cache_response(text, text, text, jsonb, interval)', 'cached_response(text, text)',
                  'consume_rate_limit(text, integer, interval, text, text)', 'clean_expired_rate_limits()',
                  'clean_query_history(interval, integer)', 'clean_audit_logs(interval, integer)', 'run_maintenance()'])
         AS name;
