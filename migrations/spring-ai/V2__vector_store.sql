-- The table of Spring AI's PgVectorStore, with the columns that it reads and writes.
--
-- Where the framework has created the table already, it stays, with its rows. The comments mark what was made here, so that
-- the undo script takes nothing else back.
--
-- Embeddings are stored in the row, as far as they fit, while long texts move out. Kept outside, as is the default for
-- vectors above 2 kB, they count for nothing in the planner's estimates: it would rather read and sort the whole table than
-- use the vector index. The price: of 1536 dimensions one row fills a page, so counting or listing reads more, and each
-- change of a row writes its embedding, too. In a table that is there already this holds for what is written from now on.
--
-- metadata is json, as the framework creates it. It casts the column to jsonb in its filters, which V4 makes an index for.
-- gangway: type=schema
-- gangway: risk=low

DO $$
BEGIN
    IF to_regclass('"${gangway:schema}".${table:vector_store}') IS NOT NULL THEN
        -- Not where somebody has chosen another storage.
        IF (SELECT attstorage = 'e' AND col_description(attrelid, attnum) IS NULL
            FROM pg_attribute WHERE attrelid = to_regclass('"${gangway:schema}".${table:vector_store}') AND attname = 'embedding') THEN
            ALTER TABLE "${gangway:schema}".${table:vector_store} ALTER COLUMN embedding SET STORAGE MAIN;
            COMMENT ON COLUMN "${gangway:schema}".${table:vector_store}.embedding
                IS 'Stored in the row by Gangway''s pack spring-ai';
        END IF;
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

    ALTER TABLE "${gangway:schema}".${table:vector_store} ALTER COLUMN embedding SET STORAGE MAIN;

    COMMENT ON TABLE "${gangway:schema}".${table:vector_store}
        IS 'Documents of Spring AI, created by Gangway''s pack spring-ai';
END
$$;
