-- Five service manuals of several brands, so that there is something to search on the first day. Left out with
-- gangway.placeholders.sampleManuals=off. Embeddings stay null: computing them is the application's work.
-- gangway: type=data
-- gangway: risk=low

INSERT INTO migration_row_counts (version, chunks_before, embeddings_before)
SELECT '0.9', count(*), count(embedding) FROM repair_chunks;

INSERT INTO repair_chunks (
    content, brand, component, manual_type, year, model, source, chunk_index, total_chunks, file_hash, ingestion_date,
    confidence, language, category, difficulty, estimated_time, tools_required, safety_level, oem_part_numbers,
    warranty_info)
SELECT c.chunk ->> 'content',
       m.manual ->> 'brand',
       c.chunk ->> 'component',
       m.manual ->> 'manualType',
       (m.manual ->> 'year')::integer,
       m.manual ->> 'model',
       m.manual ->> 'source',
       c.number - 1,
       jsonb_array_length(m.manual -> 'chunks'),
       -- There is no file: the hash is that of the manual's JSON.
       encode(sha256(convert_to(m.manual::text, 'UTF8')), 'hex'),
       now(),
       (c.chunk ->> 'confidence')::double precision,
       m.manual ->> 'language',
       c.chunk ->> 'category',
       c.chunk ->> 'difficulty',
       c.chunk ->> 'estimatedTime',
       ARRAY(SELECT jsonb_array_elements_text(c.chunk -> 'toolsRequired')),
       c.chunk ->> 'safetyLevel',
       ARRAY(SELECT jsonb_array_elements_text(c.chunk -> 'oemPartNumbers')),
       c.chunk ->> 'warrantyInfo'
FROM jsonb_array_elements(${gangway:file:manuals.json}::jsonb) AS m (manual)
CROSS JOIN LATERAL jsonb_array_elements(m.manual -> 'chunks') WITH ORDINALITY AS c (chunk, number)
WHERE '${sampleManuals:on}'::boolean
ORDER BY m.manual ->> 'source', c.number
-- An application that has ingested a file of this name knows better.
ON CONFLICT (source, chunk_index) DO NOTHING;

UPDATE migration_row_counts
SET (chunks_after, embeddings_after) = (SELECT count(*), count(embedding) FROM repair_chunks)
WHERE version = '0.9';
