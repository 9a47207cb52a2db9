package dev.gangway.packs;

import java.util.List;

/** Searches over the chunks of {@code rv-repair-copilot}, with embeddings of the dimension that its document names. */
public final class RvRepairCopilotSearch {

    /** One brand has a two-hundredth of the rows, one kind of media too; words are in all texts, in some, and in a few. */
    private static final String CHUNKS = """
            insert into repair_chunks (content, embedding, brand, component, year, source, chunk_index, total_chunks,
                file_hash, ingestion_date, language, category, content_type, tools_required, oem_part_numbers)
            select 'Check the ' || (array['pump', 'furnace', 'awning', 'refrigerator', 'inverter'])[1 + n % 5]
                    || ' before the coach is moved. ' || repeat('Measure the voltage at the terminal under load. ', 1 + n % 8)
                    || case when n % 50 = 0 then 'The relay clicks without effect. ' else '' end
                    || 'Error code E' || n % 4000,
                embedding,
                case when n % 200 = 7 then 'Airstream' else (array['Winnebago', 'Jayco', 'Forest River'])[1 + n % 3] end,
                (array['Water pump', 'Furnace', 'Awning', 'Refrigerator', 'Inverter'])[1 + n % 5],
                1990 + n % 35,
                'manual-' || n / 100, n % 100, 100, md5((n / 100)::text), timestamptz '2025-01-01 00:00:00+00',
                'en',
                (array['plumbing', 'heating', 'electrical'])[1 + n % 3],
                case when n % 200 = 11 then 'image' else 'text' end,
                array['multimeter', 'tool ' || n % 100],
                array['P-' || n % 1000]
            from embeddings order by n""";

    private static final String SIMILARITY = "select id from search_repair_chunks(?::vector, 10)";

    private static final String HYBRID =
            "select id from hybrid_search_repair_chunks('relay voltage', ?::vector, 10, '{}', 'en')";

    private static final String EXACT =
            "select id from repair_chunks where embedding is not null order by embedding <=> ?::vector limit 10";

    private RvRepairCopilotSearch() {}

    public static SearchScenario scenario() {
        return new SearchScenario(
                "rv-repair-copilot",
                List.of("gangway.placeholders.sampleManuals=off"),
                1536,
                List.of(CHUNKS),
                SIMILARITY,
                HYBRID,
                EXACT);
    }
}
