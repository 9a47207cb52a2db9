SELECT 'data integrity' AS category,
       'every text is stemmed in its own language' AS name,
       count(*) = 0 AS passed,
       count(*) || ' are not' AS detail
FROM repair_chunks
WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content);
