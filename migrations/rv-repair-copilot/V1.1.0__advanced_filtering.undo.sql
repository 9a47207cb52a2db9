CREATE OR REPLACE FUNCTION chunk_filter(filter jsonb)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    key   text;
    value jsonb;
    parts text[] := '{}';
BEGIN
    IF coalesce(jsonb_typeof(filter), 'null') NOT IN ('object', 'null') THEN
        RAISE EXCEPTION 'a filter is a JSON object, not %', filter USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(filter) = 'object' THEN
        FOR key, value IN SELECT * FROM jsonb_each(filter) LOOP
            parts := parts || chunk_field_condition(key, value);
        END LOOP;
    END IF;
    RETURN coalesce(nullif(array_to_string(parts, ' AND '), ''), 'true');
END
$$;
