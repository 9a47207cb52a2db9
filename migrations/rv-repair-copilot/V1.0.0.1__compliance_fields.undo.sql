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
        'warrantyInfo', chunk.warranty_info
    ))
$$;

ALTER TABLE repair_chunks
    DROP COLUMN compliance_standards,
    DROP COLUMN certification_required,
    DROP COLUMN estimated_cost,
    DROP COLUMN skill_prerequisites,
    DROP COLUMN related_procedures,
    DROP COLUMN video_tutorials,
    DROP COLUMN user_ratings,
    DROP COLUMN last_verified;
