CREATE INDEX CONCURRENTLY idx_repair_chunks_stale_text_search ON repair_chunks (id)
    WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content);

CREATE INDEX CONCURRENTLY idx_repair_chunks_unclean ON repair_chunks (id)
    WHERE (brand, component, model, language, oem_part_numbers, tools_required) IS DISTINCT FROM (
        clean_text(brand), clean_text(component), clean_text(model), clean_language(language),
        clean_list(oem_part_numbers), clean_list(tools_required));
