-- Manuals in several languages, each with its own stemming; part numbers that are found however they are written; and
-- what the cleanup two steps on needs.
-- gangway: type=schema
-- gangway: risk=low

-- New rows go by it at once. Those that are there follow in V1.0.0.5.
CREATE OR REPLACE FUNCTION chunk_text_search_config(language text)
RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT CASE lower(split_part(replace(language, '_', '-'), '-', 1))
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        WHEN 'da' THEN 'pg_catalog.danish'::regconfig
        WHEN 'de' THEN 'pg_catalog.german'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
        WHEN 'fi' THEN 'pg_catalog.finnish'::regconfig
        WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        WHEN 'it' THEN 'pg_catalog.italian'::regconfig
        WHEN 'nb' THEN 'pg_catalog.norwegian'::regconfig
        WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
        WHEN 'no' THEN 'pg_catalog.norwegian'::regconfig
        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
        WHEN 'sv' THEN 'pg_catalog.swedish'::regconfig
        ELSE 'pg_catalog.simple'::regconfig
    END
$$;

-- 31-0987, 31 0987 and 310987 are one part.
CREATE FUNCTION normalize_part_number(part_number text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT regexp_replace(upper(part_number), '[^[:alnum:]]', '', 'g')
$$;

CREATE FUNCTION normalize_part_numbers(part_numbers text[])
RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT n ORDER BY n), '{}')
    FROM (SELECT normalize_part_number(p) AS n FROM unnest(part_numbers) p) normalized
    WHERE n <> ''
$$;

-- The chunks that mention a part. With the index of V1.0.0.4.
CREATE FUNCTION chunks_by_part_number(part_number text)
RETURNS SETOF repair_chunks
LANGUAGE sql STABLE
ROWS 10
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT *
    FROM repair_chunks c
    WHERE normalize_part_numbers(c.oem_part_numbers) @> ARRAY[normalize_part_number(part_number)]
      AND normalize_part_number(part_number) <> ''
    ORDER BY c.source, c.chunk_index
$$;

CREATE VIEW oem_part_usage AS
SELECT normalize_part_number(p.part_number) AS part_number,
       array_agg(DISTINCT p.part_number ORDER BY p.part_number) AS written_as,
       array_agg(DISTINCT c.brand ORDER BY c.brand) AS brands,
       array_agg(DISTINCT c.component ORDER BY c.component) AS components,
       count(DISTINCT c.id) AS chunks
FROM repair_chunks c
CROSS JOIN LATERAL unnest(c.oem_part_numbers) AS p (part_number)
WHERE normalize_part_number(p.part_number) <> ''
GROUP BY 1;

-- White space at the ends and in rows. Null stays null.
CREATE FUNCTION clean_text(value text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT btrim(regexp_replace(value, '\s+', ' ', 'g'))
$$;

-- Each entry cleaned; blank ones and those that were there before are left out. The order stays.
CREATE FUNCTION clean_list(list text[])
RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT coalesce(array_agg(entry ORDER BY place), '{}')
    FROM (
        SELECT clean_text(e.entry) AS entry, min(e.place) AS place
        FROM unnest(list) WITH ORDINALITY AS e (entry, place)
        WHERE e.entry ~ '\S'
        GROUP BY 1
    ) entries
$$;

-- The language tag in the form of BCP 47: EN_us is en-US.
CREATE FUNCTION clean_language(tag text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT regexp_replace(
               lower(substring(t FROM '^[^-]*')) || coalesce(substring(t FROM '-.*$'), ''), '-([a-z]{2})$',
               coalesce(upper(substring(t FROM '-[A-Za-z]{2}$')), ''), 'i')
    FROM replace(clean_text(tag), '_', '-') t
$$;

-- What the cleanup has changed, so that its undo can put it back and nothing is lost.
CREATE TABLE chunk_corrections (
    chunk_id     bigint NOT NULL REFERENCES repair_chunks (id) ON DELETE CASCADE,
    column_name  text NOT NULL,
    old_value    jsonb NOT NULL,
    new_value    jsonb NOT NULL,
    corrected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (chunk_id, column_name)
);
