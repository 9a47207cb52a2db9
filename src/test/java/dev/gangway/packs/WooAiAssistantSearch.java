package dev.gangway.packs;

import java.util.List;

/** The knowledge base of {@code woo-ai-assistant} with many chunks. */
public final class WooAiAssistantSearch {

    private WooAiAssistantSearch() {}

    /** One chunk in 200 is of the type {@code faq}; {@code bike} is in each text, {@code helmet} in every seventh. */
    public static SearchScenario scenario() {
        return new SearchScenario(
                WooAiAssistantIT.NAME,
                List.of("gangway.placeholders.dimension=384"),
                384,
                List.of("""
                        insert into woo_ai_knowledge_base (content_type, content_id, chunk_index, title, chunk_text, embedding)
                        select case when n % 200 = 0 then 'faq' else (array['product', 'page', 'post'])[1 + n % 3] end,
                               1 + n / 4, n % 4, 'Content ' || n / 4,
                               'The bike number ' || n || ' of series ' || cluster
                                   || case when n % 7 = 0 then ' comes with a helmet' else '' end
                                   || case when n % 50 = 0 then ' and a warranty' else '' end,
                               embedding
                        from embeddings order by n"""),
                "select id from woo_ai_search_knowledge_base(?::halfvec, null, 10)",
                "select id from woo_ai_hybrid_search_knowledge_base('bike with a helmet', ?::halfvec, null, 10)",
                "select id from woo_ai_knowledge_base order by embedding <=> ?::halfvec limit 10");
    }
}
