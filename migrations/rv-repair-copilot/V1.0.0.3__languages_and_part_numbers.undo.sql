DROP TABLE chunk_corrections;
DROP FUNCTION clean_language(text);
DROP FUNCTION clean_list(text[]);
DROP FUNCTION clean_text(text);
DROP VIEW oem_part_usage;
DROP FUNCTION chunks_by_part_number(text);
DROP FUNCTION normalize_part_numbers(text[]);
DROP FUNCTION normalize_part_number(text);

CREATE OR REPLACE FUNCTION chunk_text_search_config(language text)
RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT CASE lower(split_part(language, '-', 1))
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        ELSE 'pg_catalog.simple'::regconfig
    END
$$;

UPDATE repair_chunks
SET language = language
WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content);
