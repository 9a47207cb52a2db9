DROP FUNCTION hybrid_search(text, vector, integer, double precision, double precision, integer, jsonb, text);
DROP FUNCTION match_documents(vector, integer, jsonb, double precision, text, text[]);
