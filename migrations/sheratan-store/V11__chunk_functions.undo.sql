DROP FUNCTION chunk_dimensions();
DROP FUNCTION store_embedding(bigint, text, vector);
DROP FUNCTION store_chunk(bigint, int, text, vector, text, jsonb);
DROP FUNCTION chunk_text_hash(text, text);
DROP FUNCTION chunks_of_dimension(int);
DROP VIEW document_chunks_${vectorDimension:384};
