-- Schema version 1.1.0 is reached: filters may be nested with $and, $or and $not.
-- gangway: type=schema
-- gangway: risk=low

CREATE OR REPLACE FUNCTION chunk_filter(filter jsonb)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    key    text;
    value  jsonb;
    nested text[];
    parts  text[] := '{}';
BEGIN
    IF coalesce(jsonb_typeof(filter), 'null') NOT IN ('object', 'null') THEN
        RAISE EXCEPTION 'a filter is a JSON object, not %', filter USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(filter) = 'object' THEN
        FOR key, value IN SELECT * FROM jsonb_each(filter) LOOP
            IF key IN ('$and', '$or') THEN
                IF jsonb_typeof(value) <> 'array' OR jsonb_array_length(value) = 0 THEN
                    RAISE EXCEPTION '% takes an array of filters', key USING ERRCODE = 'invalid_parameter_value';
                END IF;
                SELECT array_agg('(' || chunk_filter(e) || ')') INTO nested FROM jsonb_array_elements(value) e;
                parts := parts
                    || ('(' || array_to_string(nested, CASE key WHEN '$and' THEN ' AND ' ELSE ' OR ' END) || ')');
            ELSIF key = '$not' THEN
                -- A field that a chunk does not have does not fit, so its negation does.
                parts := parts || ('NOT coalesce((' || chunk_filter(value) || '), false)');
            ELSE
                parts := parts || chunk_field_condition(key, value);
            END IF;
        END LOOP;
    END IF;
    RETURN coalesce(nullif(array_to_string(parts, ' AND '), ''), 'true');
END
$$;

SELECT record_search_performance('1.1.0', 'after');
