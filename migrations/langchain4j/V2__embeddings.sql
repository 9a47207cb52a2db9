-- The table of LangChain4j's PgVectorEmbeddingStore, with the columns that it reads and writes.
--
-- Where the framework has created the table already, it stays, with its rows. The comments mark what was made here, so that
-- the undo script takes nothing else back.
--
-- Embeddings are stored in the row, as far as they fit, while long texts move out. Kept outside, as is the default for
-- vectors above 2 kB, they count for nothing in the planner's estimates: it would rather read and sort the whole table than
-- use the vector index. The price: of 1536 dimensions one row fills a page, so counting or listing reads more, and each
-- change of a row writes its embedding, too. In a table that is there already this holds for what is written from now on.
-- gangway: type=schema
-- gangway: risk=low

DO $$
BEGIN
    IF to_regclass('"${gangway:schema}".${table:embeddings}') IS NOT NULL THEN
        -- Not where somebody has chosen another storage.
        IF (SELECT attstorage = 'e' AND col_description(attrelid, attnum) IS NULL
            FROM pg_attribute WHERE attrelid = to_regclass('"${gangway:schema}".${table:embeddings}') AND attname = 'embedding') THEN
            ALTER TABLE "${gangway:schema}".${table:embeddings} ALTER COLUMN embedding SET STORAGE MAIN;
            COMMENT ON COLUMN "${gangway:schema}".${table:embeddings}.embedding
                IS 'Stored in the row by Gangway''s pack langchain4j';
        END IF;
        RETURN;
    END IF;

    CREATE TABLE "${gangway:schema}".${table:embeddings} (
        embedding_id uuid PRIMARY KEY,
        embedding    vector(${dimension:1536}),
        text         text,
        metadata     ${metadataType:json}
    );

    ALTER TABLE "${gangway:schema}".${table:embeddings} ALTER COLUMN embedding SET STORAGE MAIN;

    COMMENT ON TABLE "${gangway:schema}".${table:embeddings}
        IS 'Text segments of LangChain4j, created by Gangway''s pack langchain4j';
END
$$;
