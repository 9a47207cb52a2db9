-- First step to schema version 1.2.0: chunks that are pictures, videos and sound, with six fields for them. content is
-- a picture's caption, a video's description, or the transcript of what is spoken.
-- gangway: type=schema
-- gangway: risk=low

SELECT record_search_performance('1.2.0', 'before');

ALTER TABLE repair_chunks
    -- A constant default: rows that are there show it without a rewrite.
    ADD COLUMN content_type  text DEFAULT 'text',
    ADD COLUMN media_urls    text[],
    ADD COLUMN thumbnail_url text,
    ADD COLUMN duration      double precision,
    ADD COLUMN resolution    text,
    ADD COLUMN file_size     bigint;

COMMENT ON COLUMN repair_chunks.duration IS 'In seconds.';
COMMENT ON COLUMN repair_chunks.resolution IS 'Such as 1920x1080.';
COMMENT ON COLUMN repair_chunks.file_size IS 'In bytes.';

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
        'lastVerified', iso_8601(chunk.last_verified),
        'contentType', chunk.content_type,
        'mediaUrls', chunk.media_urls,
        'thumbnailUrl', chunk.thumbnail_url,
        'duration', chunk.duration,
        'resolution', chunk.resolution,
        'fileSize', chunk.file_size
    ))
    || CASE WHEN chunk.estimated_cost IS NULL THEN '{}' ELSE jsonb_build_object('estimatedCost', chunk.estimated_cost) END
    || CASE WHEN chunk.user_ratings IS NULL THEN '{}' ELSE jsonb_build_object('userRatings', chunk.user_ratings) END
$$;
