package dev.gangway.packs;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.SQLException;
import java.util.List;

/** The pack {@code sheratan-store-dimension}: what holds for every pack. */
class SheratanStoreDimensionIT extends PackContract {

    @Override
    String packName() {
        return "sheratan-store-dimension";
    }

    @Override
    List<String> packsBuiltUpon() {
        return List.of("sheratan-store");
    }

    @Override
    Pack open() throws SQLException {
        return store("384", "768");
    }

    /**
     * It builds upon the store, whose chunks have rows of their own here: by the view of their dimension, as functions do.
     * Nobody embeds them anew, so that with rows in the tables the pack waits before its index.
     */
    @Override
    void addRows(String version) throws SQLException {
        if (!"3".equals(version)) {
            pack().addRows("sheratan-store", version);
        }
        pack().addRows(version);
    }

    static Pack store(String oldDimension, String newDimension) throws SQLException {
        TestDatabase database = TestServer.newDatabase();
        return Pack.in(
                database,
                "sheratan-store-dimension",
                "gangway.locations=pack:sheratan-store-dimension,pack:sheratan-store",
                "gangway.placeholders.vectorDimension=" + oldDimension,
                "gangway.placeholders.newVectorDimension=" + newDimension,
                "gangway.placeholders.readonlyRole=" + database.createRole("secret"));
    }
}
