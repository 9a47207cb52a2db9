DROP FUNCTION cross_modal_search_repair_chunks(vector, text[], integer, jsonb);
