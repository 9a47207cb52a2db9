DROP FUNCTION store_embedding(bigint, vector, text);
DROP VIEW chunks_without_embedding;
DROP FUNCTION upsert_repair_chunk(text, jsonb, vector);
DROP FUNCTION validate_chunk_metadata(jsonb);
DROP FUNCTION chunk_metadata(repair_chunks);
DROP FUNCTION is_iso_8601(text);
DROP FUNCTION iso_8601(timestamptz);
