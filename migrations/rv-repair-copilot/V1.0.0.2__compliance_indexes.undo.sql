DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_compliance_standards;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_certification_required;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_estimated_cost;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_skill_prerequisites;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_related_procedures;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_video_tutorials;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_user_ratings;
DROP INDEX CONCURRENTLY IF EXISTS idx_repair_chunks_last_verified;

DELETE FROM metadata_fields WHERE since_version = '1.1.0';

ALTER TABLE repair_chunks
    DROP CONSTRAINT repair_chunks_estimated_cost_object,
    DROP CONSTRAINT repair_chunks_user_ratings_object;
