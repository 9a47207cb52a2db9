-- Filters of searches. A filter is a JSON document like {"brand": "Dometic", "year": {"$gte": 2015}}, with the fields' JSON names and the
-- operators $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin and $exists. It becomes a condition with its values written in,
-- so each search is planned for its own filter: by the vector index, or by the index of a field that leaves few rows.
-- gangway: type=schema
-- gangway: risk=low

-- A value of a filter as SQL, of the field's type.
CREATE FUNCTION chunk_filter_value(field metadata_fields, value jsonb)
RETURNS text
LANGUAGE plpgsql STABLE
SET timezone = 'UTC'
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    expected text := CASE
        WHEN field.json_type IN ('integer', 'number') THEN 'number'
        WHEN field.json_type = 'boolean' THEN 'boolean'
        ELSE 'string'
    END;
BEGIN
    IF coalesce(jsonb_typeof(value), 'null') <> expected THEN
        RAISE EXCEPTION 'the filter on % takes a value of type %, not %', field.name, expected, coalesce(value, 'null')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF field.format = 'date-time' THEN
        IF NOT is_iso_8601(value #>> '{}') THEN
            RAISE EXCEPTION 'the filter on % takes a time in ISO 8601, not %', field.name, value
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN quote_literal((value #>> '{}')::timestamptz::text) || '::timestamptz';
    END IF;
    -- In the column's own type, or its index would not be used.
    IF field.json_type = 'integer' OR field.format = 'int64' THEN
        IF value::numeric <> trunc(value::numeric) OR abs(value::numeric) > 9223372036854775807 THEN
            RAISE EXCEPTION 'the filter on % takes a whole number, not %', field.name, value
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN quote_literal(trunc(value::numeric)) || '::bigint';
    END IF;
    RETURN quote_literal(value #>> '{}') || CASE expected
        WHEN 'number' THEN '::double precision'
        WHEN 'boolean' THEN '::boolean'
        ELSE '::text'
    END;
END
$$;

-- The condition of a filter on one field.
CREATE FUNCTION chunk_field_condition(path text, condition jsonb)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    f         metadata_fields;
    key       text;
    operand   jsonb;
    col       text;
    list      text;
    members   text;
    operators jsonb;
    parts     text[] := '{}';
BEGIN
    SELECT * INTO f FROM metadata_fields m WHERE m.name = split_part(path, '.', 1);
    IF NOT FOUND OR (path LIKE '%.%' AND (f.json_type <> 'object' OR path !~ '^\w+(\.[A-Za-z_]\w*)+$')) THEN
        RAISE EXCEPTION 'there is no field % to filter by', path
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'The fields are: ' || (SELECT string_agg(m.name, ', ' ORDER BY m.name) FROM metadata_fields m);
    END IF;
    col := 'c.' || quote_ident(f.column_name);
    IF f.json_type = 'object' AND path NOT LIKE '%.%' AND (condition -> '$exists') IS NULL THEN
        IF jsonb_typeof(condition) IS DISTINCT FROM 'object' THEN
            RAISE EXCEPTION 'the filter on % takes an object', path USING ERRCODE = 'invalid_parameter_value';
        END IF;
        -- It would be looked for as a key, and never be there.
        IF condition::text ~ '"\$[a-z]+":' THEN
            RAISE EXCEPTION 'the filter on % takes no operators within the object', path
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = format('Filter by a path: {"%s.max": {"$lt": 100}}.', path);
        END IF;
        RETURN format('%s @> %L::jsonb', col, condition);
    END IF;
    operators := CASE
        WHEN jsonb_typeof(condition) = 'object' THEN condition
        ELSE jsonb_build_object('$eq', coalesce(condition, 'null'))
    END;
    FOR key, operand IN SELECT * FROM jsonb_each(operators) LOOP
        IF key = '$exists' THEN
            IF jsonb_typeof(operand) <> 'boolean' THEN
                RAISE EXCEPTION '$exists of % takes true or false', path USING ERRCODE = 'invalid_parameter_value';
            END IF;
            parts := parts || CASE
                WHEN path LIKE '%.%' THEN format('(%s #> %L IS NOT NULL) = %L::boolean', col,
                    (string_to_array(path, '.'))[2:]::text, operand)
                WHEN operand::boolean THEN col || ' IS NOT NULL'
                ELSE col || ' IS NULL'
            END;
            CONTINUE;
        END IF;
        IF key IN ('$in', '$nin') THEN
            IF jsonb_typeof(operand) <> 'array' THEN
                RAISE EXCEPTION '% of % takes an array', key, path USING ERRCODE = 'invalid_parameter_value';
            END IF;
        END IF;
        IF f.json_type = 'object' THEN
            -- Below an object: as jsonpath, which its GIN index serves.
            IF key NOT IN ('$eq', '$gt', '$gte', '$lt', '$lte') OR jsonb_typeof(operand) NOT IN ('string', 'number', 'boolean')
            THEN
                RAISE EXCEPTION 'the filter on % takes $eq, $gt, $gte, $lt, $lte with a plain value', path
                    USING ERRCODE = 'invalid_parameter_value';
            END IF;
            parts := parts || format('%s @? %L::jsonpath', col, format('$.%s ? (@ %s %s)',
                substr(path, strpos(path, '.') + 1),
                CASE key WHEN '$eq' THEN '==' WHEN '$gt' THEN '>' WHEN '$gte' THEN '>=' WHEN '$lt' THEN '<' ELSE '<=' END,
                operand));
            CONTINUE;
        END IF;
        IF key IN ('$in', '$nin') THEN
            SELECT coalesce(string_agg(chunk_filter_value(f, e), ', '), '') INTO members
            FROM jsonb_array_elements(operand) e;
            list := format('ARRAY[%s]::%s[]', members, CASE
                WHEN f.format = 'date-time' THEN 'timestamptz'
                WHEN f.json_type = 'integer' OR f.format = 'int64' THEN 'bigint'
                WHEN f.json_type = 'number' THEN 'double precision'
                WHEN f.json_type = 'boolean' THEN 'boolean'
                ELSE 'text'
            END);
        END IF;
        parts := parts || CASE
            WHEN f.json_type = 'array' AND key = '$eq' THEN format('%s @> ARRAY[%s]', col, chunk_filter_value(f, operand))
            WHEN f.json_type = 'array' AND key = '$ne'
                THEN format('NOT coalesce(%s @> ARRAY[%s], false)', col, chunk_filter_value(f, operand))
            WHEN f.json_type = 'array' AND key = '$in' THEN format('%s && %s', col, list)
            WHEN f.json_type = 'array' AND key = '$nin' THEN format('NOT coalesce(%s && %s, false)', col, list)
            WHEN key = '$eq' THEN format('%s = %s', col, chunk_filter_value(f, operand))
            WHEN key = '$ne' THEN format('%s IS DISTINCT FROM %s', col, chunk_filter_value(f, operand))
            WHEN key = '$in' THEN format('%s = ANY (%s)', col, list)
            WHEN key = '$nin' THEN format('NOT coalesce(%s = ANY (%s), false)', col, list)
            WHEN key IN ('$gt', '$gte', '$lt', '$lte')
                AND (f.json_type IN ('integer', 'number') OR f.format = 'date-time')
                THEN format('%s %s %s', col,
                    CASE key WHEN '$gt' THEN '>' WHEN '$gte' THEN '>=' WHEN '$lt' THEN '<' ELSE '<=' END,
                    chunk_filter_value(f, operand))
        END;
        IF parts[cardinality(parts)] IS NULL THEN
            RAISE EXCEPTION 'there is no operator % for %', key, path
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = '$eq, $ne, $in, $nin, $exists; $gt, $gte, $lt, $lte for numbers and times.';
        END IF;
    END LOOP;
    RETURN coalesce(nullif(array_to_string(parts, ' AND '), ''), 'true');
END
$$;

-- A whole filter: all of its fields have to fit.
CREATE FUNCTION chunk_filter(filter jsonb)
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
