SELECT 'columns' AS category,
       'document_chunks has embeddings of ${newVectorDimension} dimensions' AS name,
       to_regclass('document_chunks_${newVectorDimension}') IS NOT NULL AS passed;
