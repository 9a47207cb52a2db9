DROP TABLE embeddings;
DROP FUNCTION embeddings_before_write();
