-- Moves server_config.json into server_configs.
--
-- The file beside this script is empty. An application with one of its own puts it in a copy of this folder, or calls the
-- function in a migration of its own: see README.md.
-- gangway: type=data
-- gangway: requires=5
-- gangway: risk=low

-- The file as it was, byte for byte: server_configs goes on from here.
CREATE TABLE server_config_backups (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL,
    original    text NOT NULL,
    imported_by text NOT NULL DEFAULT current_user,
    imported_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE server_config_backups IS 'Every server_config.json that was imported, as it was';
ALTER TABLE server_config_backups ENABLE ROW LEVEL SECURITY;
CREATE POLICY server_config_backups_service_all ON server_config_backups TO "${serviceRole:service_role}"
    USING (true) WITH CHECK (true);
REVOKE ALL ON server_config_backups
    FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
REVOKE ALL ON SEQUENCE server_config_backups_id_seq
    FROM PUBLIC, "${serviceRole:service_role}", "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT SELECT, INSERT, UPDATE, DELETE ON server_config_backups TO "${serviceRole:service_role}";

-- {"guild id": {any settings}, …}. All keys of a guild go into its settings; name or guild_name also into guild_name, and
-- enabled, where it is a boolean, into is_enabled. A guild that is there already gets the file's keys, and keeps its others.
CREATE FUNCTION import_server_config(
    p_config   jsonb,
    p_original text DEFAULT NULL,
    p_source   text DEFAULT 'server_config.json'
) RETURNS TABLE (guild_id text, action text, settings_imported integer)
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wrong text;
BEGIN
    IF jsonb_typeof(p_config) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'The configuration is %, not an object', coalesce(jsonb_typeof(p_config), 'null')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'It is to be {"guild id": {"setting": value, …}, …}.';
    END IF;
    SELECT string_agg(format('"%s" is %s', c.key, jsonb_typeof(c.value)), ', ' ORDER BY c.key) INTO wrong
    FROM jsonb_each(p_config) c WHERE jsonb_typeof(c.value) <> 'object' OR c.key = '';
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Not every guild has an object of settings: %', wrong
            USING ERRCODE = 'invalid_parameter_value', HINT = 'It is to be {"guild id": {"setting": value, …}, …}.';
    END IF;
    -- server_config_import_differences reads it again.
    IF p_original::jsonb <> p_config THEN
        RAISE EXCEPTION 'p_original is not the text of p_config' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_config = '{}' THEN
        RETURN;
    END IF;
    INSERT INTO server_config_backups (source, original) VALUES (p_source, coalesce(p_original, p_config::text));
    RETURN QUERY
        WITH given AS (
            SELECT c.key AS guild, c.value AS settings,
                   coalesce(c.value ->> 'guild_name', c.value ->> 'name') AS name,
                   CASE WHEN jsonb_typeof(c.value -> 'enabled') = 'boolean' THEN (c.value -> 'enabled')::boolean END
                       AS enabled
            FROM jsonb_each(p_config) c
        ), written AS (
            INSERT INTO server_configs AS s (guild_id, guild_name, is_enabled, settings)
            SELECT g.guild, g.name, coalesce(g.enabled, true), g.settings FROM given g
            ON CONFLICT (guild_id) DO UPDATE SET
                guild_name = coalesce(excluded.guild_name, s.guild_name),
                is_enabled = CASE WHEN jsonb_typeof(excluded.settings -> 'enabled') = 'boolean'
                    THEN excluded.is_enabled ELSE s.is_enabled END,
                settings = s.settings || excluded.settings
            WHERE s.settings || excluded.settings <> s.settings
            -- xmax is 0 in a row that this statement has inserted.
            RETURNING s.guild_id, CASE WHEN s.xmax = 0 THEN 'inserted' ELSE 'updated' END AS action
        )
        SELECT g.guild, coalesce(w.action, 'unchanged'), (SELECT count(*)::integer FROM jsonb_object_keys(g.settings))
        FROM given g LEFT JOIN written w ON w.guild_id = g.guild
        ORDER BY g.guild;
END
$$;
COMMENT ON FUNCTION import_server_config(jsonb, text, text) IS
    'Takes over a server_config.json, keeps a backup of it, and says what became of each guild';
REVOKE ALL ON FUNCTION import_server_config(jsonb, text, text)
    FROM PUBLIC, "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT EXECUTE ON FUNCTION import_server_config(jsonb, text, text) TO "${serviceRole:service_role}";

-- The settings of the last import that are not in server_configs any more as they were imported, apart from guilds that were
-- changed or removed since. In the transaction of the import itself nothing can have been.
CREATE FUNCTION server_config_import_differences()
    RETURNS TABLE (guild_id text, setting text, imported jsonb, found jsonb)
    LANGUAGE sql STABLE SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT guild.key, setting.key, setting.value, c.settings -> setting.key
    FROM (SELECT original, imported_at FROM server_config_backups ORDER BY id DESC LIMIT 1) b
    CROSS JOIN jsonb_each(b.original::jsonb) AS guild
    CROSS JOIN jsonb_each(guild.value) AS setting
    LEFT JOIN server_configs c ON c.guild_id = guild.key
    WHERE (c.settings -> setting.key) IS DISTINCT FROM setting.value
      AND CASE WHEN c.guild_id IS NULL THEN b.imported_at = now()
               ELSE c.updated_at <= b.imported_at OR b.imported_at = now() END
$$;
COMMENT ON FUNCTION server_config_import_differences() IS
    'Imported settings that did not arrive; guilds that were changed or removed since the import do not count';
REVOKE ALL ON FUNCTION server_config_import_differences()
    FROM PUBLIC, "${authenticatedRole:authenticated}", "${anonymousRole:anon}";
GRANT EXECUTE ON FUNCTION server_config_import_differences() TO "${serviceRole:service_role}";

SELECT * FROM import_server_config(${gangway:file:server_config.json}::jsonb, ${gangway:file:server_config.json});
