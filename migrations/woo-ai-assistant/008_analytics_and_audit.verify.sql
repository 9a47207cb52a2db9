SELECT 'triggers' AS category,
       e.name || ' is enabled' AS name,
       coalesce(t.tgenabled IN ('O', 'A'), false) AS passed
FROM (VALUES ('action_logs', 'woo_ai_redact_action_log'),
             ('action_logs', 'woo_ai_refuse_change'),
             ('settings', 'woo_ai_audit_setting'),
             ('conversations', 'woo_ai_audit_conversation'),
             ('conversations', 'woo_ai_audit_deleted_conversations')) e (relation, name)
LEFT JOIN pg_trigger t
    ON t.tgrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
   AND t.tgname = e.name;
