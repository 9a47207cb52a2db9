DO $$
BEGIN
    IF '${gangway:user}' <> (SELECT pg_get_userbyid(relowner) FROM pg_class
                             WHERE oid = '"${prefix:}woo_ai_settings"'::regclass) THEN
        REVOKE SELECT ON "${prefix:}woo_ai_settings" FROM "${gangway:user}";
    END IF;
END $$;
DROP TRIGGER woo_ai_keep_secret ON "${prefix:}woo_ai_settings";
DROP FUNCTION "${prefix:}woo_ai_keep_secret"();
DROP FUNCTION "${prefix:}woo_ai_delete_setting"(text);
DROP FUNCTION "${prefix:}woo_ai_set_setting"(text, jsonb, text, boolean);
DROP FUNCTION "${prefix:}woo_ai_get_sensitive_setting"(text, jsonb);
DROP FUNCTION "${prefix:}woo_ai_get_setting"(text, jsonb);
DROP VIEW "${prefix:}woo_ai_settings_masked";
