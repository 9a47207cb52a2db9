-- Puts each old value back where nobody has written another one since.
UPDATE repair_chunks c
SET brand = CASE WHEN to_jsonb(c.brand) = k.new #> '{brand}' THEN k.old ->> 'brand' ELSE c.brand END,
    component = CASE WHEN to_jsonb(c.component) = k.new #> '{component}' THEN k.old ->> 'component' ELSE c.component END,
    model = CASE WHEN to_jsonb(c.model) = k.new #> '{model}' THEN k.old ->> 'model' ELSE c.model END,
    language = CASE WHEN to_jsonb(c.language) = k.new #> '{language}' THEN k.old ->> 'language' ELSE c.language END,
    oem_part_numbers = CASE
        WHEN to_jsonb(c.oem_part_numbers) = k.new #> '{oem_part_numbers}'
            THEN ARRAY(SELECT jsonb_array_elements_text(k.old -> 'oem_part_numbers'))
        ELSE c.oem_part_numbers
    END,
    tools_required = CASE
        WHEN to_jsonb(c.tools_required) = k.new #> '{tools_required}'
            THEN ARRAY(SELECT jsonb_array_elements_text(k.old -> 'tools_required'))
        ELSE c.tools_required
    END
FROM (
    SELECT chunk_id, jsonb_object_agg(column_name, old_value) AS old, jsonb_object_agg(column_name, new_value) AS new
    FROM chunk_corrections
    GROUP BY chunk_id
) k
WHERE c.id = k.chunk_id;

DELETE FROM chunk_corrections;
DELETE FROM migration_row_counts WHERE version = '1.0.0.6';
