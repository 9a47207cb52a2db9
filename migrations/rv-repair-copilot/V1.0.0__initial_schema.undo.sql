DROP FUNCTION hybrid_search_repair_chunks(
    text, vector, integer, jsonb, text, double precision, double precision, integer);
DROP FUNCTION search_repair_chunks(vector, integer, jsonb);
DROP FUNCTION restore_vector_scan(text[]);
DROP FUNCTION prepare_vector_scan(integer);
DROP FUNCTION check_search_arguments(vector, integer);
