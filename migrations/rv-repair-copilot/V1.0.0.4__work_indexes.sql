-- The index that finds part numbers, and two for the two data migrations that follow: a partial index on what is still
-- to be done, so that no batch has to look through what is done. They go in V1.0.0.7.
-- gangway: type=index
-- gangway: risk=low

CREATE INDEX CONCURRENTLY idx_repair_chunks_normalized_part_numbers
    ON repair_chunks USING gin (normalize_part_numbers(oem_part_numbers));

CREATE INDEX CONCURRENTLY idx_repair_chunks_stale_text_search ON repair_chunks (id)
    WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content);

CREATE INDEX CONCURRENTLY idx_repair_chunks_unclean ON repair_chunks (id)
    WHERE (brand, component, model, language, oem_part_numbers, tools_required) IS DISTINCT FROM (
        clean_text(brand), clean_text(component), clean_text(model), clean_language(language),
        clean_list(oem_part_numbers), clean_list(tools_required));
