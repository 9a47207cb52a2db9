package dev.gangway.packs;

import java.util.List;

/** The searches of the pack {@code discord-rag-bot}. */
public final class DiscordRagBotSearch {

    private DiscordRagBotSearch() {}

    /**
     * 200 guilds have 100 documents each, among them {@code small}; one document of 50 is public. The word raid is in all of them, weekday
     * names in a seventh, topics in a hundredth.
     */
    public static SearchScenario scenario() {
        return new SearchScenario(
                "discord-rag-bot",
                List.of("gangway.placeholders.vectorDimension=384"),
                384,
                List.of("""
                        insert into documents (content, title, guild_id, is_public, metadata, tags, embedding)
                        select 'The raid of group ' || n || ' begins on '
                               || (array['Monday','Tuesday','Wednesday','Thursday','Friday','Saturday','Sunday'])[n % 7 + 1]
                               || ' and is about topic' || cluster || '. ' || repeat('Bring potions and friends. ', n % 20),
                               'Topic ' || cluster,
                               case when n % 200 = 7 then 'small' else 'guild' || n % 200 end, n % 50 = 3,
                               jsonb_build_object('page', n % 40, 'topic', cluster), array['t' || cluster % 10], embedding
                        from embeddings"""),
                "select id from match_documents(?::vector, 10)",
                """
                        select id from hybrid_search('raid topic7', ?::vector, 10)""",
                """
                        select id from documents order by embedding <=> ?::vector limit 10""");
    }
}
