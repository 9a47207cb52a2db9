DROP FUNCTION log_search(text, int, double precision, double precision, jsonb);
DROP FUNCTION hybrid_search_chunks(
    text, vector, int, double precision, double precision, int, bigint, text, jsonb
);
DROP FUNCTION search_chunks(vector, int, bigint, text, jsonb, double precision);
DROP FUNCTION nearest_chunks(vector, int, bigint, text, jsonb);
DROP FUNCTION ivfflat_probes();
