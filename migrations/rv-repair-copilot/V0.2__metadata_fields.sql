-- The metadata fields of a chunk as data: one row a field, with its JSON name and its column. What is checked, stored,
-- filtered and verified goes by these rows, so a version that adds fields adds rows.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE metadata_fields (
    name          text PRIMARY KEY
        CONSTRAINT metadata_fields_name_camel_case CHECK (name ~ '^[a-z][A-Za-z0-9]*$'),
    column_name   text NOT NULL
        CONSTRAINT metadata_fields_one_per_column UNIQUE,
    json_type     text NOT NULL
        CONSTRAINT metadata_fields_type_known
            CHECK (json_type IN ('string', 'integer', 'number', 'boolean', 'array', 'object')),
    format        text
        CONSTRAINT metadata_fields_format_known CHECK (
            format IS NULL
            OR (json_type = 'string' AND format = 'date-time')
            OR (json_type = 'number' AND format = 'int64')),
    required      boolean NOT NULL DEFAULT false,
    default_value text,
    minimum       numeric,
    maximum       numeric,
    allowed_values text[],
    -- A btree or GIN index takes no more of one string; hash indexes take any.
    max_bytes     integer DEFAULT 2600,
    since_version text NOT NULL,
    CONSTRAINT metadata_fields_range_in_order CHECK (minimum <= maximum)
);

COMMENT ON TABLE metadata_fields IS 'The metadata fields of repair_chunks: name in JSON, column, type, range, default.';
COMMENT ON COLUMN metadata_fields.format IS 'date-time: an ISO 8601 string. int64: a number without a fraction.';
COMMENT ON COLUMN metadata_fields.max_bytes IS 'Of a string, or of each string of an array. Null: no limit.';
COMMENT ON COLUMN metadata_fields.since_version IS 'The schema version that brought the field.';
