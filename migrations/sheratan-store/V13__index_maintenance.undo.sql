DROP VIEW index_usage;
DROP FUNCTION set_vector_index_lists();
DROP FUNCTION vector_index_lists();
DROP FUNCTION ivfflat_lists(bigint);
