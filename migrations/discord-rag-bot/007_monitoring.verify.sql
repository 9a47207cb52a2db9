SELECT 'Views' AS category, name,
       coalesce(has_table_privilege('${serviceRole:service_role}', to_regclass(name), 'SELECT')
                AND NOT has_table_privilege('${authenticatedRole:authenticated}', to_regclass(name), 'SELECT')
                AND NOT has_table_privilege('${anonymousRole:anon}', to_regclass(name), 'SELECT'), false) AS passed,
       'for ${serviceRole:service_role} only' AS detail
FROM unnest(ARRAY['monitor_table_sizes', 'monitor_index_usage', 'monitor_active_users', 'monitor_top_users',
                  'monitor_response_time', 'monitor_cache_hit_rate']) AS name;
SELECT 'Functions', name, to_regprocedure(name) IS NOT NULL
FROM unnest(ARRAY['query_performance(text, integer)', 'monitored_queries(timestamptz)']) AS name;
