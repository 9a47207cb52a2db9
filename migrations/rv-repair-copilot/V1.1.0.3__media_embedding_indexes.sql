-- A vector index for each kind of media. There are few of them among many texts: in the index over all chunks, a search
-- for pictures would wade through texts first.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY idx_repair_chunks_image_embedding
    ON repair_chunks USING hnsw (embedding vector_cosine_ops) WHERE content_type = 'image';
CREATE INDEX CONCURRENTLY idx_repair_chunks_video_embedding
    ON repair_chunks USING hnsw (embedding vector_cosine_ops) WHERE content_type = 'video';
CREATE INDEX CONCURRENTLY idx_repair_chunks_audio_embedding
    ON repair_chunks USING hnsw (embedding vector_cosine_ops) WHERE content_type = 'audio';
