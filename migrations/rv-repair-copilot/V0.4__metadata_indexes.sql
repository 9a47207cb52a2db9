-- The 20 metadata fields of schema version 1.0.0, each with the index that the filters on it use.
-- gangway: type=metadata
-- gangway: risk=low

INSERT INTO metadata_fields
    (name, column_name, json_type, format, required, default_value, minimum, maximum, since_version)
VALUES
    ('brand',          'brand',            'string',  NULL,        true,  NULL,      NULL, NULL, '1.0.0'),
    ('component',      'component',        'string',  NULL,        true,  NULL,      NULL, NULL, '1.0.0'),
    ('manualType',     'manual_type',      'string',  NULL,        true,  'service', NULL, NULL, '1.0.0'),
    ('year',           'year',             'integer', NULL,        false, NULL,      1980, 2030, '1.0.0'),
    ('model',          'model',            'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('source',         'source',           'string',  NULL,        true,  NULL,      NULL, NULL, '1.0.0'),
    ('chunkIndex',     'chunk_index',      'integer', NULL,        true,  NULL,      0,    NULL, '1.0.0'),
    ('totalChunks',    'total_chunks',     'integer', NULL,        true,  NULL,      1,    NULL, '1.0.0'),
    ('fileHash',       'file_hash',        'string',  NULL,        true,  NULL,      NULL, NULL, '1.0.0'),
    ('ingestionDate',  'ingestion_date',   'string',  'date-time', true,  NULL,      NULL, NULL, '1.0.0'),
    ('lastUpdated',    'last_updated',     'string',  'date-time', false, NULL,      NULL, NULL, '1.0.0'),
    ('confidence',     'confidence',       'number',  NULL,        false, NULL,      0.0,  1.0,  '1.0.0'),
    ('language',       'language',         'string',  NULL,        false, 'en',      NULL, NULL, '1.0.0'),
    ('category',       'category',         'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('difficulty',     'difficulty',       'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('estimatedTime',  'estimated_time',   'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('toolsRequired',  'tools_required',   'array',   NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('safetyLevel',    'safety_level',     'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('oemPartNumbers', 'oem_part_numbers', 'array',   NULL,        false, NULL,      NULL, NULL, '1.0.0'),
    ('warrantyInfo',   'warranty_info',    'string',  NULL,        false, NULL,      NULL, NULL, '1.0.0');

UPDATE metadata_fields SET max_bytes = NULL WHERE name = 'warrantyInfo';

-- source has its index already: it leads in that of repair_chunks_one_per_place.
CREATE INDEX idx_repair_chunks_brand ON repair_chunks (brand);
CREATE INDEX idx_repair_chunks_component ON repair_chunks (component);
CREATE INDEX idx_repair_chunks_manual_type ON repair_chunks (manual_type);
CREATE INDEX idx_repair_chunks_year ON repair_chunks (year);
CREATE INDEX idx_repair_chunks_model ON repair_chunks (model);
CREATE INDEX idx_repair_chunks_chunk_index ON repair_chunks (chunk_index);
CREATE INDEX idx_repair_chunks_total_chunks ON repair_chunks (total_chunks);
CREATE INDEX idx_repair_chunks_file_hash ON repair_chunks (file_hash);
CREATE INDEX idx_repair_chunks_ingestion_date ON repair_chunks (ingestion_date);
CREATE INDEX idx_repair_chunks_last_updated ON repair_chunks (last_updated);
CREATE INDEX idx_repair_chunks_confidence ON repair_chunks (confidence);
CREATE INDEX idx_repair_chunks_language ON repair_chunks (language);
CREATE INDEX idx_repair_chunks_category ON repair_chunks (category);
CREATE INDEX idx_repair_chunks_difficulty ON repair_chunks (difficulty);
CREATE INDEX idx_repair_chunks_estimated_time ON repair_chunks (estimated_time);
CREATE INDEX idx_repair_chunks_tools_required ON repair_chunks USING gin (tools_required);
CREATE INDEX idx_repair_chunks_safety_level ON repair_chunks (safety_level);
CREATE INDEX idx_repair_chunks_oem_part_numbers ON repair_chunks USING gin (oem_part_numbers);
-- Warranty terms may be whole paragraphs. A btree refuses values above 2.7 kB; a hash index takes any, and serves
-- equality, which is what a metadata filter asks of them.
CREATE INDEX idx_repair_chunks_warranty_info ON repair_chunks USING hash (warranty_info);
