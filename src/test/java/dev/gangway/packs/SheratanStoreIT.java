package dev.gangway.packs;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.SQLException;

/** The pack {@code sheratan-store}: what holds for every pack. */
class SheratanStoreIT extends PackContract {

    @Override
    String packName() {
        return "sheratan-store";
    }

    @Override
    Pack open() throws SQLException {
        return store();
    }

    /** With an IVFFlat index as soon as there are a few rows, and a role of its own, since roles belong to the server. */
    static Pack store(String... settings) throws SQLException {
        TestDatabase database = TestServer.newDatabase();
        Pack store = Pack.in(
                database,
                "sheratan-store",
                "gangway.placeholders.ivfflatRows=20",
                "gangway.placeholders.readonlyRole=" + database.createRole("secret"));
        return store.with(settings);
    }
}
