-- What was written down stays in audit_logs.
DROP TRIGGER documents_audit_insert ON documents;
DROP TRIGGER documents_audit_update ON documents;
DROP TRIGGER documents_audit_delete ON documents;
DROP TRIGGER server_configs_audit ON server_configs;
DROP TRIGGER documents_audit_truncate ON documents;
DROP TRIGGER server_configs_audit_truncate ON server_configs;
DROP FUNCTION audit_truncate();
DROP FUNCTION audit_documents();
DROP FUNCTION audit_server_config();
