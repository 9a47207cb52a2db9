package dev.gangway.packs;

import java.util.List;

/**
 * The searches of the pack {@code cartrita} at 384 dimensions. The pack is in a schema of its own, because its table has
 * the name of the one that the rows come from.
 */
public final class CartritaSearch {

    private CartritaSearch() {}

    /** Of the rows, one in 200 is of the type {@code conversation}; "note" is in all contents, "quantum" in one of 500. */
    public static SearchScenario scenario() {
        return new SearchScenario(
                "cartrita",
                List.of("gangway.schema=cartrita"),
                384,
                List.of("insert into cartrita.embeddings (model_id, source_type, source_id, content, embedding) "
                        + "select 1, case when n % 200 = 0 then 'conversation'"
                        + " else (array['document', 'message', 'web_page'])[1 + n % 3] end, n::text,"
                        + " 'note ' || n || case when n % 10 = 0 then ' router' else '' end"
                        + " || case when n % 500 = 0 then ' quantum' else '' end"
                        + " || ' on artificial intelligence, the weather, and what else there is to daily life',"
                        + " embedding from public.embeddings"),
                "select id from cartrita.similarity_search(?::vector)",
                "select id from cartrita.hybrid_search('artificial intelligence', ?::vector)",
                "select id from cartrita.embeddings where model_id = 1"
                        + " order by embedding::vector(384) <=> ?::vector(384), id limit 10");
    }
}
