-- The six fields of 1.2.0 become known to validation and filters, each with its index.
-- gangway: type=metadata
-- gangway: risk=low

-- In two transactions: the first holds a strong lock and reads no rows, the second reads them all and lets others write.
ALTER TABLE repair_chunks
    ADD CONSTRAINT repair_chunks_content_type_known
        CHECK (content_type IN ('text', 'image', 'video', 'audio')) NOT VALID,
    ADD CONSTRAINT repair_chunks_duration_range CHECK (duration >= 0 AND duration < 'infinity') NOT VALID,
    ADD CONSTRAINT repair_chunks_file_size_range CHECK (file_size >= 0) NOT VALID;
ALTER TABLE repair_chunks
    VALIDATE CONSTRAINT repair_chunks_content_type_known,
    VALIDATE CONSTRAINT repair_chunks_duration_range,
    VALIDATE CONSTRAINT repair_chunks_file_size_range;

CREATE INDEX CONCURRENTLY idx_repair_chunks_content_type ON repair_chunks (content_type);
CREATE INDEX CONCURRENTLY idx_repair_chunks_media_urls ON repair_chunks USING gin (media_urls);
-- Signed URLs may be longer than the 2.7 kB that a btree takes.
CREATE INDEX CONCURRENTLY idx_repair_chunks_thumbnail_url ON repair_chunks USING hash (thumbnail_url);
CREATE INDEX CONCURRENTLY idx_repair_chunks_duration ON repair_chunks (duration);
CREATE INDEX CONCURRENTLY idx_repair_chunks_resolution ON repair_chunks (resolution);
CREATE INDEX CONCURRENTLY idx_repair_chunks_file_size ON repair_chunks (file_size);

INSERT INTO metadata_fields (name, column_name, json_type, format, default_value, minimum, since_version)
VALUES
    ('contentType',  'content_type',  'string', NULL,    'text', NULL, '1.2.0'),
    ('mediaUrls',    'media_urls',    'array',  NULL,    NULL,   NULL, '1.2.0'),
    ('thumbnailUrl', 'thumbnail_url', 'string', NULL,    NULL,   NULL, '1.2.0'),
    ('duration',     'duration',      'number', NULL,    NULL,   0,    '1.2.0'),
    ('resolution',   'resolution',    'string', NULL,    NULL,   NULL, '1.2.0'),
    ('fileSize',     'file_size',     'number', 'int64', NULL,   0,    '1.2.0');
UPDATE metadata_fields SET allowed_values = '{text,image,video,audio}' WHERE name = 'contentType';
UPDATE metadata_fields SET max_bytes = NULL WHERE name = 'thumbnailUrl';
