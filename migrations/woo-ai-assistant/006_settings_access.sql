-- Who may read which setting. Keys of AI services lie in the same table as the colour of the widget.
--
-- A role that has SELECT on the table sees what is not sensitive, by the row policy of 001. The masked view lists all keys, without the
-- sensitive values. The values themselves come from woo_ai_get_sensitive_setting alone, which only the application's role
-- may execute and whoever is granted it. The owner of the table sees everything, as owners do in PostgreSQL: where the
-- application migrates by itself, let reports and admin tools connect as another role.
-- gangway: type=schema
-- gangway: requires=1
-- gangway: risk=low

CREATE VIEW "${prefix:}woo_ai_settings_masked" AS
SELECT setting_key,
       CASE WHEN is_sensitive AND setting_value IS NOT NULL THEN '"********"'::jsonb ELSE setting_value END AS setting_value,
       setting_group,
       is_sensitive,
       updated_at
FROM "${prefix:}woo_ai_settings";

-- The functions that run as their owner look names up in pg_catalog alone, and name the schema of everything else: where others
-- may create functions in this schema, one of theirs could fit a call better than the one that is meant, and be handed the
-- values.

-- The value of a setting, or the default where there is none. A sensitive one is refused rather than passed over: a silent null
-- would look like a setting that is not made.
CREATE FUNCTION "${prefix:}woo_ai_get_setting"(setting_key text, default_value jsonb DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted  ALIAS FOR setting_key;
    setting record;
BEGIN
    SELECT s.setting_value, s.is_sensitive INTO setting FROM "${gangway:schema}"."${prefix:}woo_ai_settings" s WHERE s.setting_key = wanted;
    IF NOT FOUND THEN
        RETURN default_value;
    ELSIF setting.is_sensitive THEN
        RAISE EXCEPTION 'the setting "%" is sensitive', wanted
            USING ERRCODE = 'insufficient_privilege', HINT = 'Read it by woo_ai_get_sensitive_setting.';
    END IF;
    RETURN coalesce(setting.setting_value, default_value);
END $$;

CREATE FUNCTION "${prefix:}woo_ai_get_sensitive_setting"(setting_key text, default_value jsonb DEFAULT NULL) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((SELECT s.setting_value FROM "${gangway:schema}"."${prefix:}woo_ai_settings" s WHERE s.setting_key = $1), default_value)
$$;

-- Creates or replaces a setting. Group and flag stay as they are where they are not given.
-- An error must not carry the value into a log, so what is wrong is told here, before a constraint shows the row.
CREATE FUNCTION "${prefix:}woo_ai_set_setting"(
    setting_key   text,
    setting_value jsonb,
    setting_group text DEFAULT NULL,
    is_sensitive  boolean DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    given_group     ALIAS FOR setting_group;
    given_sensitive ALIAS FOR is_sensitive;
BEGIN
    IF coalesce("${prefix:}woo_ai_set_setting".setting_key, '') = '' THEN
        RAISE EXCEPTION 'a setting needs a key' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO "${gangway:schema}"."${prefix:}woo_ai_settings" AS s (setting_key, setting_value, setting_group, is_sensitive)
    VALUES ($1, $2, coalesce($3, 'general'), coalesce($4, false))
    ON CONFLICT (setting_key) DO UPDATE
    SET setting_value = excluded.setting_value,
        setting_group = coalesce($3, s.setting_group),
        is_sensitive  = coalesce($4, s.is_sensitive);
END $$;

-- Says whether there was such a setting.
CREATE FUNCTION "${prefix:}woo_ai_delete_setting"(setting_key text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM "${gangway:schema}"."${prefix:}woo_ai_settings" s WHERE s.setting_key = $1;
    RETURN FOUND;
END $$;

-- Whose flag is taken away while the value stays would be readable by everybody, without anybody having meant to tell it.
CREATE FUNCTION "${prefix:}woo_ai_keep_secret"() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.is_sensitive AND NOT NEW.is_sensitive AND NEW.setting_value = OLD.setting_value THEN
        RAISE EXCEPTION 'the setting "%" cannot become readable with the value that it has', OLD.setting_key
            USING ERRCODE = 'insufficient_privilege', HINT = 'Give it another value at the same time.';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER woo_ai_keep_secret BEFORE UPDATE OF is_sensitive, setting_value ON "${prefix:}woo_ai_settings"
    FOR EACH ROW EXECUTE FUNCTION "${prefix:}woo_ai_keep_secret"();

REVOKE ALL ON FUNCTION "${prefix:}woo_ai_get_setting"(text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_get_sensitive_setting"(text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_set_setting"(text, jsonb, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_delete_setting"(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "${prefix:}woo_ai_get_setting"(text, jsonb) TO "${gangway:user}";
GRANT EXECUTE ON FUNCTION "${prefix:}woo_ai_get_sensitive_setting"(text, jsonb) TO "${gangway:user}";
GRANT EXECUTE ON FUNCTION "${prefix:}woo_ai_set_setting"(text, jsonb, text, boolean) TO "${gangway:user}";
GRANT EXECUTE ON FUNCTION "${prefix:}woo_ai_delete_setting"(text) TO "${gangway:user}";
GRANT SELECT ON "${prefix:}woo_ai_settings", "${prefix:}woo_ai_settings_masked" TO "${gangway:user}";
