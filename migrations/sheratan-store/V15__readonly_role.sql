-- A role for reporting: it may read every table of this schema, those of today and those that the same owner makes later,
-- and nothing else. It has no password; an administrator gives it one: ALTER ROLE … PASSWORD '…'.
--
-- Roles belong to the whole server. One that is there already is taken as it is, and so is one that another database of
-- the same server creates at the same moment.
-- gangway: type=schema
-- gangway: risk=low

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${readonlyRole:sheratan_readonly}') THEN
        CREATE ROLE "${readonlyRole:sheratan_readonly}" LOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role "${readonlyRole:sheratan_readonly}" does not exist, and % may not create it', current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'An administrator runs: CREATE ROLE "${readonlyRole:sheratan_readonly}" LOGIN; then connect again.';
END
$$;

-- Whoever may not grant it on the database relies on what PUBLIC has.
DO $$
BEGIN
    GRANT CONNECT ON DATABASE "${gangway:database}" TO "${readonlyRole:sheratan_readonly}";
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'an administrator may have to GRANT CONNECT ON DATABASE "${gangway:database}" TO "${readonlyRole:sheratan_readonly}"';
END
$$;

GRANT USAGE ON SCHEMA "${gangway:schema}" TO "${readonlyRole:sheratan_readonly}";

-- All that the migrating role may grant, as in GRANT … ON ALL TABLES, which would fail at somebody else's table.
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
        EXECUTE format('GRANT SELECT ON %s TO "${readonlyRole:sheratan_readonly}"', readable);
    END LOOP;
END
$$;

ALTER DEFAULT PRIVILEGES IN SCHEMA "${gangway:schema}" GRANT SELECT ON TABLES TO "${readonlyRole:sheratan_readonly}";
