SELECT 'Triggers' AS category, expected.name,
       EXISTS (SELECT FROM pg_trigger t
               WHERE t.tgrelid = to_regclass(expected.tab) AND t.tgname = expected.name AND t.tgenabled = 'O') AS passed
FROM (VALUES ('documents', 'documents_audit_insert'), ('documents', 'documents_audit_update'),
             ('documents', 'documents_audit_delete'), ('server_configs', 'server_configs_audit'),
             ('documents', 'documents_audit_truncate'), ('server_configs', 'server_configs_audit_truncate'))
         AS expected (tab, name);
SELECT 'Functions', name, to_regprocedure(name || '()') IS NOT NULL
FROM unnest(ARRAY['audit_server_config', 'audit_documents', 'audit_truncate']) AS name;
