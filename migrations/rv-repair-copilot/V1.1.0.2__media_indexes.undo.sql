DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_content_type;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_media_urls;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_thumbnail_url;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_duration;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_resolution;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_file_size;

DELETE FROM metadata_fields WHERE since_version = '1.2.0';

ALTER TABLE repair_chunks
    DROP CONSTRAINT repair_chunks_content_type_known,
    DROP CONSTRAINT repair_chunks_duration_range,
    DROP CONSTRAINT repair_chunks_file_size_range;
