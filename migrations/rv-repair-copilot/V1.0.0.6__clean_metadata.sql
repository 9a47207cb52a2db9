-- Cleanup of what was typed in: white space in names and lists, entries that are there twice, forms of language tags.
-- Each old value is kept in chunk_corrections. 500 chunks a transaction.
-- gangway: type=data
-- gangway: risk=low
-- gangway: repeat=until-no-rows

INSERT INTO migration_row_counts (version, chunks_before, embeddings_before)
SELECT '1.0.0.6', count(*), count(embedding) FROM repair_chunks
WHERE NOT EXISTS (SELECT FROM migration_row_counts WHERE version = '1.0.0.6')
HAVING NOT EXISTS (SELECT FROM migration_row_counts WHERE version = '1.0.0.6');

WITH batch AS MATERIALIZED (
    SELECT id, brand, component, model, language, oem_part_numbers, tools_required
    FROM repair_chunks
    WHERE (brand, component, model, language, oem_part_numbers, tools_required) IS DISTINCT FROM (
        clean_text(brand), clean_text(component), clean_text(model), clean_language(language),
        clean_list(oem_part_numbers), clean_list(tools_required))
    ORDER BY id
    LIMIT 500
    FOR UPDATE
), kept AS (
    INSERT INTO chunk_corrections (chunk_id, column_name, old_value, new_value)
    SELECT b.id, v.column_name, v.old_value, v.new_value
    FROM batch b
    CROSS JOIN LATERAL (VALUES
        ('brand', to_jsonb(b.brand), to_jsonb(clean_text(b.brand))),
        ('component', to_jsonb(b.component), to_jsonb(clean_text(b.component))),
        ('model', to_jsonb(b.model), to_jsonb(clean_text(b.model))),
        ('language', to_jsonb(b.language), to_jsonb(clean_language(b.language))),
        ('oem_part_numbers', to_jsonb(b.oem_part_numbers), to_jsonb(clean_list(b.oem_part_numbers))),
        ('tools_required', to_jsonb(b.tools_required), to_jsonb(clean_list(b.tools_required)))
    ) AS v (column_name, old_value, new_value)
    WHERE v.old_value <> v.new_value
    ON CONFLICT (chunk_id, column_name) DO UPDATE SET new_value = excluded.new_value, corrected_at = now()
)
UPDATE repair_chunks c
SET brand = clean_text(b.brand),
    component = clean_text(b.component),
    model = clean_text(b.model),
    language = clean_language(b.language),
    oem_part_numbers = clean_list(b.oem_part_numbers),
    tools_required = clean_list(b.tools_required)
FROM batch b
WHERE c.id = b.id;

-- When nothing is left.
UPDATE migration_row_counts
SET (chunks_after, embeddings_after) = (SELECT count(*), count(embedding) FROM repair_chunks)
WHERE version = '1.0.0.6'
  AND chunks_after IS NULL
  AND NOT EXISTS (
      SELECT
      FROM repair_chunks
      WHERE (brand, component, model, language, oem_part_numbers, tools_required) IS DISTINCT FROM (
          clean_text(brand), clean_text(component), clean_text(model), clean_language(language),
          clean_list(oem_part_numbers), clean_list(tools_required)));
