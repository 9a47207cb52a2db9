DROP PROCEDURE cleanup_old_logs(int, bigint);
DROP FUNCTION cleanup_old_search_logs(int, bigint);
DROP FUNCTION cleanup_old_audit_logs(int, bigint);
DROP FUNCTION delete_old_logs(regclass, int, bigint);
