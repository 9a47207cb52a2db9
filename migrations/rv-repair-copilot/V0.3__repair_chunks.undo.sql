DROP TABLE repair_chunks;
DROP FUNCTION forget_embedding_of_changed_content();
DROP FUNCTION chunk_search_vector(text, text, text, text, text);
DROP FUNCTION chunk_text_search_config(text);
