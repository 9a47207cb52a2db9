package dev.gangway.backup;

/**
 * The SQL that empties a database so that a dump of the whole of it can be put in. {@code pg_restore --clean} does not:
 * it drops what the dump holds, and with it the extensions, which their owner alone may drop; what was created after the
 * dump stays, and then the migration that created it cannot run again.
 *
 * <p>Dropped is everything in schemas that belongs to no extension, and the large objects. What stands outside of
 * schemas stays, as far as nothing that it needs is dropped: extensions, publications, foreign servers and the like. The
 * schemas that stay are public, those that hold an extension, and those that this role does not own.
 *
 * <p>Nothing here is qualified, because the search_path is set to nothing but pg_catalog first.
 */
final class CleanSlate {
    private CleanSlate() {}

    /**
     * Begins the transaction. A session that holds a lock makes it fail, rather than wait for ever with half of the
     * database locked.
     */
    static final String BEGIN = """
            BEGIN;
            SET LOCAL search_path = '';
            SET LOCAL client_min_messages = warning;
            SET LOCAL statement_timeout = 0;
            SET LOCAL lock_timeout = '5s';
            """;

    private static final String OF_USERS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /** The tables that will be dropped with their rows, as entries of a dump. One statement. */
    static final String TABLES = """
            SELECT concat('TABLE DATA ', n.nspname, ' ', c.relname)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND %s
               AND NOT EXISTS (SELECT FROM pg_depend d
                                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
             ORDER BY n.nspname, c.relname;
            """.formatted(OF_USERS);

    /**
     * Drops, and takes back default privileges: they would be given to everything that the dump creates. Those that the
     * dump holds come back at its end.
     */
    static final String DROP = """
            DO $gangway$
            DECLARE
              thing record;
              kind text;
              name text;
              extensions bigint := (SELECT count(*) FROM pg_extension);
            BEGIN
              FOR thing IN
                WITH schemas AS (
                  SELECT n.oid, n.nspname <> 'public' AND pg_has_role(n.nspowner, 'USAGE')
                         AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid) AS goes
                    FROM pg_namespace n WHERE %s),
                things AS (
                  SELECT 1 AS turn, 'pg_namespace'::regclass AS classid, oid FROM schemas WHERE goes
                  UNION ALL SELECT CASE relkind WHEN 'S' THEN 3 ELSE 2 END, 'pg_class'::regclass, c.oid
                    FROM pg_class c JOIN schemas s ON s.oid = relnamespace WHERE relkind IN ('r','p','f','v','m','S')
                  UNION ALL SELECT 4, 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN schemas s ON s.oid = pronamespace
                  UNION ALL SELECT 5, 'pg_operator'::regclass, o.oid FROM pg_operator o JOIN schemas s ON s.oid = oprnamespace
                  UNION ALL SELECT 6, 'pg_opfamily'::regclass, o.oid FROM pg_opfamily o JOIN schemas s ON s.oid = opfnamespace
                  UNION ALL SELECT 7, 'pg_opclass'::regclass, o.oid FROM pg_opclass o JOIN schemas s ON s.oid = opcnamespace
                  UNION ALL SELECT 8, 'pg_type'::regclass, t.oid FROM pg_type t JOIN schemas s ON s.oid = typnamespace
                  UNION ALL SELECT 9, 'pg_ts_config'::regclass, t.oid FROM pg_ts_config t JOIN schemas s ON s.oid = cfgnamespace
                  UNION ALL SELECT 9, 'pg_ts_dict'::regclass, t.oid FROM pg_ts_dict t JOIN schemas s ON s.oid = dictnamespace
                  UNION ALL SELECT 9, 'pg_ts_parser'::regclass, t.oid FROM pg_ts_parser t JOIN schemas s ON s.oid = prsnamespace
                  UNION ALL SELECT 9, 'pg_ts_template'::regclass, t.oid FROM pg_ts_template t JOIN schemas s ON s.oid = tmplnamespace
                  UNION ALL SELECT 9, 'pg_collation'::regclass, c.oid FROM pg_collation c JOIN schemas s ON s.oid = collnamespace
                  UNION ALL SELECT 9, 'pg_conversion'::regclass, c.oid FROM pg_conversion c JOIN schemas s ON s.oid = connamespace)
                SELECT t.classid, t.oid FROM things t
                 WHERE NOT EXISTS (SELECT FROM pg_depend d
                                    -- objsubid: columns of a partition key belong to their own table.
                                    WHERE d.classid = t.classid AND d.objid = t.oid AND d.objsubid = 0
                                      AND d.deptype IN ('e', 'i'))
                 ORDER BY t.turn, t.oid
              LOOP
                -- Null for what has gone with something else.
                SELECT CASE WHEN o.type IN ('function', 'procedure', 'aggregate') THEN 'routine' ELSE o.type END, o.identity
                  INTO kind, name FROM pg_identify_object(thing.classid, thing.oid, 0) o;
                IF name IS NOT NULL THEN
                  EXECUTE concat('DROP ', kind, ' ', name, ' CASCADE');
                END IF;
              END LOOP;
              PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
              IF (SELECT count(*) FROM pg_extension) <> extensions THEN
                RAISE EXCEPTION 'an extension would be dropped, because it uses what belongs to none';
              END IF;
            END $gangway$;
            DO $gangway$
            DECLARE
              given record;
              grantee text;
            BEGIN
              FOR given IN
                SELECT concat('ALTER DEFAULT PRIVILEGES FOR ROLE ', quote_ident(r.rolname),
                              ' IN SCHEMA ' || quote_ident(n.nspname)) AS command,
                       CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                            WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS things,
                       n.oid IS NULL AS everywhere, quote_ident(r.rolname) AS owner, d.defaclacl AS privileges
                  FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole
                  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
                 WHERE pg_has_role(r.oid, 'USAGE')
              LOOP
                FOR grantee IN
                  SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
                    FROM aclexplode(given.privileges) a
                LOOP
                  EXECUTE concat(given.command, ' REVOKE ALL ON ', given.things, ' FROM ', grantee, ' CASCADE');
                END LOOP;
                -- What holds where nobody has said anything; the catalog forgets a row that says the same.
                IF given.everywhere THEN
                  EXECUTE concat(given.command, ' GRANT ALL ON ', given.things, ' TO ', given.owner);
                  IF given.things IN ('FUNCTIONS', 'TYPES') THEN
                    EXECUTE concat(given.command, ' GRANT ALL ON ', given.things, ' TO PUBLIC');
                  END IF;
                END IF;
              END LOOP;
            END $gangway$;
            """.formatted(OF_USERS);

    /** What is there after that and cannot be created again, as entries of a dump. One statement. */
    static final String LEFT = """
            SELECT concat('EXTENSION - ', extname) FROM pg_extension
            UNION ALL SELECT concat('SCHEMA - ', nspname) FROM pg_namespace
            UNION ALL SELECT concat('PROCEDURAL LANGUAGE - ', lanname) FROM pg_language
            UNION ALL SELECT concat('PUBLICATION - ', pubname) FROM pg_publication
            UNION ALL SELECT concat('SUBSCRIPTION - ', subname) FROM pg_subscription
            UNION ALL SELECT concat('EVENT TRIGGER - ', evtname) FROM pg_event_trigger
            UNION ALL SELECT concat('FOREIGN DATA WRAPPER - ', fdwname) FROM pg_foreign_data_wrapper
            UNION ALL SELECT concat('SERVER - ', srvname) FROM pg_foreign_server
            UNION ALL SELECT concat('USER MAPPING - USER MAPPING ', usename, ' SERVER ', srvname) FROM pg_user_mappings
            UNION ALL SELECT concat('CAST - CAST (', format_type(castsource, NULL), ' AS ', format_type(casttarget, NULL), ')') FROM pg_cast
            UNION ALL SELECT concat(CASE c.relkind WHEN 'S' THEN 'SEQUENCE SET ' ELSE 'TABLE DATA ' END,
                                    n.nspname, ' ', c.relname)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'S') AND %s;
            """.formatted(OF_USERS);
}
