DROP FUNCTION query_performance(text, integer);
DROP VIEW monitor_cache_hit_rate, monitor_response_time, monitor_top_users, monitor_active_users, monitor_index_usage,
    monitor_table_sizes;
DROP FUNCTION monitored_queries(timestamptz);
