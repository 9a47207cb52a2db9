SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT FROM pg_index WHERE indrelid = 'audit_logs'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY[
    'idx_audit_logs_created_at',
    'idx_audit_logs_event_type',
    'idx_audit_logs_user_id',
    'idx_audit_logs_resource'
]) AS name;
