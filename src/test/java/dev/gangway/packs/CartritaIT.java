package dev.gangway.packs;

import java.sql.SQLException;

/** The pack {@code cartrita}: what holds for every pack. */
class CartritaIT extends PackContract {

    @Override
    Pack open() throws SQLException {
        return Pack.inNewDatabase("cartrita");
    }

    @Override
    String packName() {
        return "cartrita";
    }
}
