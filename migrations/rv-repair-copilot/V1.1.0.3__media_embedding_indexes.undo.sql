DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_image_embedding;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_video_embedding;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_audio_embedding;
