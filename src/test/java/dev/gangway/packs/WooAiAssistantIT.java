package dev.gangway.packs;

import java.sql.SQLException;

/** The pack {@code woo-ai-assistant}: a shop's assistant with its conversations and its knowledge base. */
class WooAiAssistantIT extends PackContract {
    static final String NAME = "woo-ai-assistant";

    @Override
    Pack open() throws SQLException {
        return Pack.inNewDatabase(NAME, "gangway.placeholders.dimension=3");
    }

    @Override
    String packName() {
        return NAME;
    }
}
