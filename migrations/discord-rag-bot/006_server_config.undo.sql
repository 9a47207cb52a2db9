-- The imported settings stay in server_configs, which 001 takes back. The file itself is where it was.
DROP FUNCTION server_config_import_differences();
DROP FUNCTION import_server_config(jsonb, text, text);
DROP TABLE server_config_backups;
