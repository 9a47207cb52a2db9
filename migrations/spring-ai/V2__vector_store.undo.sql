-- A table that the framework had created before the pack came stays, with its rows.
DO $$
BEGIN
    IF obj_description(to_regclass('"${gangway:schema}".${table:vector_store}'), 'pg_class')
        = 'Documents of Spring AI, created by Gangway''s pack spring-ai'
    THEN
        DROP TABLE "${gangway:schema}".${table:vector_store};
    ELSIF (SELECT col_description(attrelid, attnum) = 'Stored in the row by Gangway''s pack spring-ai'
           FROM pg_attribute WHERE attrelid = to_regclass('"${gangway:schema}".${table:vector_store}') AND attname = 'embedding') THEN
        ALTER TABLE "${gangway:schema}".${table:vector_store} ALTER COLUMN embedding SET STORAGE EXTERNAL;
        COMMENT ON COLUMN "${gangway:schema}".${table:vector_store}.embedding IS NULL;
    END IF;
END
$$;
