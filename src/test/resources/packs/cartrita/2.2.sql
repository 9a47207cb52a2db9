-- The same contents by several models. sin() makes vectors that differ and are always the same.
INSERT INTO embeddings (model_id, source_type, source_id, content, embedding, metadata)
SELECT m.id, s.source_type, s.source_id, s.content,
       (SELECT array_agg(sin(s.n * 0.37 * g + m.id)) FROM generate_series(1, m.dimensions) g)::vector,
       jsonb_build_object('language', 'en')
FROM embedding_models m
CROSS JOIN (VALUES (1, 'document', 'handbook', 'Artificial intelligence in the office: what it may read and what not.'),
                   (2, 'document', 'network', 'The router in the cellar restarts every night.'),
                   (3, 'message', '1', 'What is artificial intelligence good for?'),
                   (4, 'message', '3', 'When do trains leave for the coast?'),
                   (5, 'web_page', 'https://example.org/ai', 'News about intelligence, artificial and other.'))
    s (n, source_type, source_id, content)
WHERE m.name IN ('all-MiniLM-L6-v2', 'all-mpnet-base-v2', 'text-embedding-3-small', 'text-embedding-3-large');

-- A picture without a word about it, and a recording with its transcript.
INSERT INTO embeddings (model_id, source_type, source_id, content, content_hash, embedding)
SELECT m.id, 'image', 'beach.jpg', NULL, sha256('the bytes of the picture'),
       (SELECT array_agg(cos(g)) FROM generate_series(1, m.dimensions) g)::vector
FROM embedding_models m WHERE m.name = 'clip-vit-base-patch32';

INSERT INTO embeddings (model_id, source_type, source_id, content, embedding)
SELECT m.id, 'audio', 'meeting.ogg', 'We meet again on Friday.',
       (SELECT array_agg(cos(2 * g)) FROM generate_series(1, m.dimensions) g)::vector
FROM embedding_models m WHERE m.name = 'clap-htsat-unfused';

UPDATE embeddings SET invalidated_at = now() WHERE source_id = 'network' AND dimensions = 768;
