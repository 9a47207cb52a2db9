DROP FUNCTION run_maintenance(), clean_audit_logs(interval, integer), clean_query_history(interval, integer),
    clean_expired_rate_limits(), clean_expired_cache(), update_user_profile(text, text, text, integer, integer),
    reset_rate_limit_if_expired(text, text, text), consume_rate_limit(text, integer, interval, text, text),
    cached_response(text, text), cache_response(text, text, text, jsonb, interval), query_hash(text);
