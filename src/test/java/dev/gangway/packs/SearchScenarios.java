package dev.gangway.packs;

import java.util.List;

/** The searches of all packs that have any. */
public final class SearchScenarios {

    private SearchScenarios() {}

    public static List<SearchScenario> all() {
        return List.of(
                CartritaSearch.scenario(),
                DiscordRagBotSearch.scenario(),
                RvRepairCopilotSearch.scenario(),
                SheratanStoreSearch.scenario(),
                WooAiAssistantSearch.scenario());
    }
}
