-- A table that the framework had created before the pack came stays, with its rows.
DO $$
BEGIN
    IF obj_description(to_regclass('"${gangway:schema}".${table:embeddings}'), 'pg_class')
        = 'Text segments of LangChain4j, created by Gangway''s pack langchain4j'
    THEN
        DROP TABLE "${gangway:schema}".${table:embeddings};
    ELSIF (SELECT col_description(attrelid, attnum) = 'Stored in the row by Gangway''s pack langchain4j'
           FROM pg_attribute WHERE attrelid = to_regclass('"${gangway:schema}".${table:embeddings}') AND attname = 'embedding') THEN
        ALTER TABLE "${gangway:schema}".${table:embeddings} ALTER COLUMN embedding SET STORAGE EXTERNAL;
        COMMENT ON COLUMN "${gangway:schema}".${table:embeddings}.embedding IS NULL;
    END IF;
END
$$;
