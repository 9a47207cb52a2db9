SELECT 'embeddings' AS category,
       'each row has the dimensions of its model' AS name,
       count(*) = 0 AS passed,
       count(*) || ' rows have others' AS detail
FROM embeddings e JOIN embedding_models m ON m.id = e.model_id
WHERE vector_dims(e.embedding) <> m.dimensions;

SELECT 'embeddings' AS category,
       'the hash is that of the content' AS name,
       count(*) = 0 AS passed,
       count(*) || ' rows have another' AS detail
FROM embeddings
WHERE content IS NOT NULL AND content_hash <> sha256(convert_to(content, 'UTF8'));
