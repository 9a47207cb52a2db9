-- The table of LangChain4j's PgVectorEmbeddingStore, with the columns that it reads and writes.
--
-- Where the framework has created the table already, it stays as it is, with its rows. The comment marks a table that was
-- created here, so that the undo script drops no other.
-- gangway: type=schema
-- gangway: risk=low

DO $$
BEGIN
    IF to_regclass('"${gangway:schema}".${table:embeddings}') IS NOT NULL THEN
        RETURN;
    END IF;

    CREATE TABLE "${gangway:schema}".${table:embeddings} (
        embedding_id uuid PRIMARY KEY,
        embedding    vector(${dimension:1536}),
        text         text,
        metadata     ${metadataType:json}
    );

    COMMENT ON TABLE "${gangway:schema}".${table:embeddings}
        IS 'Text segments of LangChain4j, created by Gangway''s pack langchain4j';
END
$$;
