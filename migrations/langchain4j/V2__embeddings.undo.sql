-- A table that the framework had created before the pack came stays, with its rows.
DO $$
BEGIN
    IF obj_description(to_regclass('"${gangway:schema}".${table:embeddings}'), 'pg_class')
        = 'Text segments of LangChain4j, created by Gangway''s pack langchain4j'
    THEN
        DROP TABLE "${gangway:schema}".${table:embeddings};
    END IF;
END
$$;
