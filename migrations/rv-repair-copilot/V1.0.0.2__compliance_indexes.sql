-- The eight fields of 1.1.0 become known to validation and filters, each with its index. Concurrently, as the table may
-- hold rows by now.
-- gangway: type=metadata
-- gangway: risk=low

-- In two transactions: the first holds a strong lock and reads no rows, the second reads them all and lets others write.
ALTER TABLE repair_chunks
    ADD CONSTRAINT repair_chunks_estimated_cost_object CHECK (jsonb_typeof(estimated_cost) = 'object') NOT VALID,
    ADD CONSTRAINT repair_chunks_user_ratings_object CHECK (jsonb_typeof(user_ratings) = 'object') NOT VALID;
ALTER TABLE repair_chunks
    VALIDATE CONSTRAINT repair_chunks_estimated_cost_object,
    VALIDATE CONSTRAINT repair_chunks_user_ratings_object;

CREATE INDEX CONCURRENTLY idx_repair_chunks_compliance_standards ON repair_chunks USING gin (compliance_standards);
CREATE INDEX CONCURRENTLY idx_repair_chunks_certification_required ON repair_chunks (certification_required);
CREATE INDEX CONCURRENTLY idx_repair_chunks_estimated_cost ON repair_chunks USING gin (estimated_cost jsonb_path_ops);
CREATE INDEX CONCURRENTLY idx_repair_chunks_skill_prerequisites ON repair_chunks USING gin (skill_prerequisites);
CREATE INDEX CONCURRENTLY idx_repair_chunks_related_procedures ON repair_chunks USING gin (related_procedures);
CREATE INDEX CONCURRENTLY idx_repair_chunks_video_tutorials ON repair_chunks USING gin (video_tutorials);
CREATE INDEX CONCURRENTLY idx_repair_chunks_user_ratings ON repair_chunks USING gin (user_ratings jsonb_path_ops);
CREATE INDEX CONCURRENTLY idx_repair_chunks_last_verified ON repair_chunks (last_verified);

INSERT INTO metadata_fields (name, column_name, json_type, format, since_version)
VALUES
    ('complianceStandards',   'compliance_standards',   'array',   NULL,        '1.1.0'),
    ('certificationRequired', 'certification_required', 'boolean', NULL,        '1.1.0'),
    ('estimatedCost',         'estimated_cost',         'object',  NULL,        '1.1.0'),
    ('skillPrerequisites',    'skill_prerequisites',    'array',   NULL,        '1.1.0'),
    ('relatedProcedures',     'related_procedures',     'array',   NULL,        '1.1.0'),
    ('videoTutorials',        'video_tutorials',        'array',   NULL,        '1.1.0'),
    ('userRatings',           'user_ratings',           'object',  NULL,        '1.1.0'),
    ('lastVerified',          'last_verified',          'string',  'date-time', '1.1.0');
