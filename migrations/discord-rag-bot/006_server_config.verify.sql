SELECT 'Tables' AS category, 'server_config_backups' AS name, to_regclass('server_config_backups') IS NOT NULL AS passed;
SELECT 'RLS', 'server_config_backups has row level security', relrowsecurity
FROM pg_class WHERE oid = 'server_config_backups'::regclass;
SELECT 'Functions', name, to_regprocedure(name) IS NOT NULL
FROM unnest(ARRAY['import_server_config(jsonb, text, text)', 'server_config_import_differences()']) AS name;
SELECT 'Data', 'server_config.json is backed up as it was',
       ${gangway:file:server_config.json}::jsonb = '{}'
           OR EXISTS (SELECT FROM server_config_backups WHERE original = ${gangway:file:server_config.json});
SELECT 'Data', 'every imported setting is in server_configs', count(*) = 0,
       string_agg(format('%s of %s: %s became %s', setting, guild_id, imported, coalesce(found::text, 'nothing')), '; ')
FROM server_config_import_differences();
