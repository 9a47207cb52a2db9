DROP FUNCTION "${prefix:}woo_ai_hybrid_search_knowledge_base"(
    text, halfvec, text[], int, double precision, double precision, int);
DROP FUNCTION "${prefix:}woo_ai_search_knowledge_base"(halfvec, text[], int);
DROP FUNCTION "${prefix:}woo_ai_nearest_chunks"(halfvec, text[], int);
DROP FUNCTION "${prefix:}woo_ai_remove_chunks"(text, bigint, bigint[]);
DROP FUNCTION "${prefix:}woo_ai_upsert_chunk"(text, bigint, int, text, halfvec, text, text, jsonb);
