DELETE FROM metadata_fields WHERE since_version = '1.2.0';
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_content_type;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_media_urls;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_thumbnail_url;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_duration;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_resolution;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_file_size;
