DROP FUNCTION hybrid_search_with(text, text, vector);
DROP FUNCTION hybrid_search(
    text, vector, double precision, double precision, double precision, int, text[], text, jsonb);
DROP FUNCTION similarity_search(vector, double precision, int, text[], text, jsonb);
DROP FUNCTION embedding_cast(int);
DROP FUNCTION vector_search_end(text[]);
DROP FUNCTION vector_search_begin(int, int, int);
