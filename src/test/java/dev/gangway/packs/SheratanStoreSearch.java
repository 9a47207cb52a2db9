package dev.gangway.packs;

import java.util.List;

/** The searches of {@code sheratan-store} over 20,000 chunks in 100 documents of 100 sources. */
public final class SheratanStoreSearch {

    private SheratanStoreSearch() {}

    public static SearchScenario scenario() {
        return new SearchScenario(
                "sheratan-store",
                List.of("gangway.placeholders.vectorDimension=384"),
                384,
                List.of("""
                        insert into documents (title, content, source)
                        select 'Manual ' || i, 'About device ' || i, 'manuals/' || i || '.md' from generate_series(0, 99) i
                        """, """
                        insert into document_chunks (document_id, chunk_index, heading, content, embedding, metadata)
                        select d.id, e.n / 100, 'Part ' || e.n / 100,
                            'The device ' || case when e.n % 2 = 0 then 'starts' else 'stops' end || ' by itself'
                            || case when e.n % 10 = 0 then ' in winter' else '' end
                            || case when e.n % 200 = 0 then ' while the awning is open' else '' end
                            || case when e.n % 5000 = 0 then ' in a hailstorm' else '' end || '. Note ' || e.n || '.',
                            e.embedding, jsonb_build_object('rare', e.n % 200 = 0)
                        from embeddings e
                        join documents d on d.source = 'manuals/' || e.n % 100 || '.md'
                        order by e.n"""),
                "select chunk_id from search_chunks(?::vector, 10)",
                "select chunk_id from hybrid_search_chunks('device starts in winter', ?::vector, 10)",
                "select id from document_chunks order by embedding <=> ?::vector, id limit 10");
    }
}
