-- The table of Spring AI's PgVectorStore, with the columns that it reads and writes.
--
-- Where the framework has created the table already, it stays as it is, with its rows. The comment marks a table that was
-- created here, so that the undo script drops no other.
--
-- metadata is json, as the framework creates it. It casts the column to jsonb in its filters, which V4 makes an index for.
-- gangway: type=schema
-- gangway: risk=low

DO $$
BEGIN
    IF to_regclass('"${gangway:schema}".${table:vector_store}') IS NOT NULL THEN
        RETURN;
    END IF;

    CREATE TABLE "${gangway:schema}".${table:vector_store} (
        id        ${idType:uuid} PRIMARY KEY,
        content   text,
        metadata  json,
        embedding ${type:vector}(${dimension:1536})
    );

    -- For rows that are inserted without the framework, which always gives an id.
    IF '${idType:uuid}' = 'uuid' THEN
        ALTER TABLE "${gangway:schema}".${table:vector_store} ALTER COLUMN id SET DEFAULT gen_random_uuid();
    END IF;

    COMMENT ON TABLE "${gangway:schema}".${table:vector_store}
        IS 'Documents of Spring AI, created by Gangway''s pack spring-ai';
END
$$;
