-- What 1.2.0 adds: a picture, a video and two passages of a recording.
INSERT INTO repair_chunks (
    content, embedding, brand, component, source, chunk_index, total_chunks, file_hash, ingestion_date, content_type,
    media_urls, thumbnail_url, duration, resolution, file_size)
SELECT t.content,
       (SELECT array_agg(sin(i * (t.n + 40) * 0.019)) FROM generate_series(1, 1536) i)::vector,
       'Lippert', 'Landing gear', t.source, t.chunk_index, t.total_chunks, t.source, '2025-05-05 07:00:00+00', t.content_type,
       ARRAY['https://media.example.com/' || t.source], 'https://media.example.com/' || t.source || '.jpg',
       t.duration, t.resolution, t.file_size
FROM (VALUES
    (0, 'The shear pin of the landing gear, marked with an arrow.', 'shear-pin.png', 0, 1, 'image', NULL, '2400x1600', 1843200),
    (1, 'Replacing the shear pin of a landing gear, step by step.', 'shear-pin.mp4', 0, 1, 'video', 312.5, '1920x1080', 98304000),
    (2, 'Today we look at a landing gear that hums but does not turn.', 'podcast-17.mp3', 0, 2, 'audio', 61, NULL, 2457600),
    (3, 'Never use a bolt in place of the shear pin, it will break the gear box.', 'podcast-17.mp3', 1, 2, 'audio', 48, NULL, 2457600)
) AS t (n, content, source, chunk_index, total_chunks, content_type, duration, resolution, file_size);
