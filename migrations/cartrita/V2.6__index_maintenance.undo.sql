DROP VIEW vector_search_stats;
DROP FUNCTION rebuild_vector_indexes(text, boolean);
DROP FUNCTION vector_index_plan(text, boolean);

-- Those of models that an application has added, which no migration knows.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT x.indexrelid::regclass FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE x.indrelid = '"${gangway:schema}".embeddings'::regclass AND c.relname ~ '^embeddings_vector_\d+(_new)?$'
    LOOP
        EXECUTE 'DROP INDEX ' || name;
    END LOOP;
END
$$;
