SELECT 'indexes' AS category,
       'woo_ai_knowledge_base_embedding_idx is valid, by HNSW and cosine' AS name,
       coalesce(bool_and(i.indisvalid AND m.amname = 'hnsw' AND o.opcname = 'halfvec_cosine_ops'), false) AS passed
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
JOIN pg_opclass o ON o.oid = i.indclass[0]
WHERE i.indexrelid = to_regclass(format('%I', '${prefix:}woo_ai_knowledge_base_embedding_idx'));
