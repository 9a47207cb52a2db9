-- The role stays: it may have been there before, and other databases of the server may know it.
ALTER DEFAULT PRIVILEGES IN SCHEMA "${gangway:schema}" REVOKE SELECT ON TABLES FROM "${readonlyRole:sheratan_readonly}";

DO $$
DECLARE
    readable regclass;
BEGIN
    FOR readable IN
        SELECT c.oid
        FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace('"${gangway:schema}"')
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND pg_has_role(c.relowner, 'USAGE')
    LOOP
        EXECUTE format('REVOKE SELECT ON %s FROM "${readonlyRole:sheratan_readonly}"', readable);
    END LOOP;
END
$$;

REVOKE USAGE ON SCHEMA "${gangway:schema}" FROM "${readonlyRole:sheratan_readonly}";

DO $$
BEGIN
    REVOKE CONNECT ON DATABASE "${gangway:database}" FROM "${readonlyRole:sheratan_readonly}";
EXCEPTION
    WHEN insufficient_privilege THEN
        NULL;
END
$$;
