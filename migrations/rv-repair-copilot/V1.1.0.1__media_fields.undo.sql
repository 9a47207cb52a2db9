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

ALTER TABLE repair_chunks
    DROP COLUMN content_type,
    DROP COLUMN media_urls,
    DROP COLUMN thumbnail_url,
    DROP COLUMN duration,
    DROP COLUMN resolution,
    DROP COLUMN file_size;
