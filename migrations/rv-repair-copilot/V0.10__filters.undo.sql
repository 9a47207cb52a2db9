DROP FUNCTION chunk_filter(jsonb);
DROP FUNCTION chunk_field_condition(text, jsonb);
DROP FUNCTION chunk_filter_value(metadata_fields, jsonb);
