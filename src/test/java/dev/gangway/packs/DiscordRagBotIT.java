package dev.gangway.packs;

import java.sql.SQLException;

/** The pack {@code discord-rag-bot} as every pack is to be. */
class DiscordRagBotIT extends PackContract {

    @Override
    Pack open() throws SQLException {
        return DiscordRagBotPack.inNewDatabase().pack();
    }

    @Override
    String packName() {
        return DiscordRagBotPack.NAME;
    }
}
