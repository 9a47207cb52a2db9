-- First step to schema version 1.1.0: eight fields for safety, compliance, cost and training, in chunks and in their
-- JSON. None is required, so the columns come without a rewrite of the table.
-- gangway: type=schema
-- gangway: risk=low

SELECT record_search_performance('1.1.0', 'before');

ALTER TABLE repair_chunks
    ADD COLUMN compliance_standards   text[],
    ADD COLUMN certification_required boolean,
    ADD COLUMN estimated_cost         jsonb,
    ADD COLUMN skill_prerequisites    text[],
    ADD COLUMN related_procedures     text[],
    ADD COLUMN video_tutorials        text[],
    ADD COLUMN user_ratings           jsonb,
    ADD COLUMN last_verified          timestamptz;

COMMENT ON COLUMN repair_chunks.estimated_cost IS 'Such as {"currency": "USD", "min": 80, "max": 220}.';
COMMENT ON COLUMN repair_chunks.user_ratings IS 'Such as {"average": 4.6, "count": 31}.';

CREATE OR REPLACE FUNCTION chunk_metadata(chunk repair_chunks)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'brand', chunk.brand,
        'component', chunk.component,
        'manualType', chunk.manual_type,
        'year', chunk.year,
        'model', chunk.model,
        'source', chunk.source,
        'chunkIndex', chunk.chunk_index,
        'totalChunks', chunk.total_chunks,
        'fileHash', chunk.file_hash,
        'ingestionDate', iso_8601(chunk.ingestion_date),
        'lastUpdated', iso_8601(chunk.last_updated),
        'confidence', chunk.confidence,
        'language', chunk.language,
        'category', chunk.category,
        'difficulty', chunk.difficulty,
        'estimatedTime', chunk.estimated_time,
        'toolsRequired', chunk.tools_required,
        'safetyLevel', chunk.safety_level,
        'oemPartNumbers', chunk.oem_part_numbers,
        'warrantyInfo', chunk.warranty_info,
        'complianceStandards', chunk.compliance_standards,
        'certificationRequired', chunk.certification_required,
        'skillPrerequisites', chunk.skill_prerequisites,
        'relatedProcedures', chunk.related_procedures,
        'videoTutorials', chunk.video_tutorials,
        'lastVerified', iso_8601(chunk.last_verified)
    ))
    || CASE WHEN chunk.estimated_cost IS NULL THEN '{}' ELSE jsonb_build_object('estimatedCost', chunk.estimated_cost) END
    || CASE WHEN chunk.user_ratings IS NULL THEN '{}' ELSE jsonb_build_object('userRatings', chunk.user_ratings) END
$$;
