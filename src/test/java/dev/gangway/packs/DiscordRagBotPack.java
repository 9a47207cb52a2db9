package dev.gangway.packs;

import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;

/** The pack {@code discord-rag-bot} for tests, with three dimensions and with roles that belong to the one test. */
record DiscordRagBotPack(Pack pack, String service, String authenticated, String anonymous) {
    static final String NAME = "discord-rag-bot";

    static DiscordRagBotPack inNewDatabase() throws SQLException {
        TestDatabase database = TestServer.newDatabase();
        String service = database.createRole("secret");
        String authenticated = database.createRole("secret");
        String anonymous = database.createRole("secret");
        Pack pack = Pack.in(
                database,
                NAME,
                "gangway.placeholders.vectorDimension=3",
                "gangway.placeholders.serviceRole=" + service,
                "gangway.placeholders.authenticatedRole=" + authenticated,
                "gangway.placeholders.anonymousRole=" + anonymous);
        return new DiscordRagBotPack(pack, service, authenticated, anonymous);
    }

    /** The same, migrated. */
    static DiscordRagBotPack migrated() throws SQLException {
        DiscordRagBotPack pack = inNewDatabase();
        pack.pack().migrate();
        return pack;
    }

    /** A connection that has logged in as the role. */
    Connection login(String role) throws SQLException {
        TestDatabase database = pack.database();
        return Sql.connect(database.server().as(role, "secret").jdbcUrl(database.name()));
    }

    Connection loginAsService() throws SQLException {
        return login(service);
    }

    Connection loginAsAuthenticated() throws SQLException {
        return login(authenticated);
    }

    Connection loginAsAnonymous() throws SQLException {
        return login(anonymous);
    }
}
