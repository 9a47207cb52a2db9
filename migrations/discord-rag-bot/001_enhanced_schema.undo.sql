-- Documents that were there before stay, with the columns that they had before. The extension stays, too: other schemas may
-- use its types, and creating it again takes rights that the migrating role may not have.
DROP TABLE audit_logs, feedback, user_profiles, rate_limits, query_cache, query_history, server_configs;
DROP TRIGGER documents_updated_at ON documents;
DROP TRIGGER documents_from_metadata ON documents;
DROP FUNCTION documents_from_metadata();
DROP FUNCTION update_updated_at_column();

DO $documents$
DECLARE
    added name;
    basic regprocedure;
BEGIN
    IF obj_description('documents'::regclass, 'pg_class') LIKE '%(made by 001_enhanced_schema)' THEN
        DROP TABLE documents;
    ELSE
        -- The generated column first, because it is made of others.
        FOR added IN
            SELECT attname FROM pg_attribute
            WHERE attrelid = 'documents'::regclass AND NOT attisdropped
              AND col_description(attrelid, attnum) LIKE '%(added by 001_enhanced_schema)'
            ORDER BY attgenerated DESC, attnum
        LOOP
            EXECUTE format('ALTER TABLE documents DROP COLUMN %I', added);
        END LOOP;
        IF (SELECT col_description(attrelid, attnum) LIKE '%(since 001_enhanced_schema)'
            FROM pg_attribute WHERE attrelid = 'documents'::regclass AND attname = 'embedding') THEN
            ALTER TABLE documents ALTER COLUMN embedding SET STORAGE EXTERNAL;
            COMMENT ON COLUMN documents.embedding IS NULL;
        END IF;
    END IF;
    FOR basic IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = '"${gangway:schema}"'::regnamespace AND p.proname = 'match_documents_basic'
    LOOP
        EXECUTE format('ALTER FUNCTION %s RENAME TO match_documents', basic);
    END LOOP;
END
$documents$;
