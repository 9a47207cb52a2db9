-- A table that the framework had created before the pack came stays, with its rows.
DO $$
BEGIN
    IF obj_description(to_regclass('"${gangway:schema}".${table:vector_store}'), 'pg_class')
        = 'Documents of Spring AI, created by Gangway''s pack spring-ai'
    THEN
        DROP TABLE "${gangway:schema}".${table:vector_store};
    END IF;
END
$$;
