package dev.gangway.torture;

import dev.gangway.Gangway;
import dev.gangway.GangwayDriver;
import dev.gangway.command.MigrateOptions;
import dev.gangway.command.ResetOptions;
import dev.gangway.pgjdbc.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;

/** What a process does to a schema. */
enum Action {
    /** The first connection of an application. */
    CONNECT {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Connection connection = new GangwayDriver().connect(url, new Properties());
            try {
                Objects.requireNonNull(connection, "The driver does not take it");
                handedOut.look();
            } finally {
                Connections.close(connection); // which fails where the network has gone meanwhile
            }
        }
    },
    MIGRATE_TWO {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().migrate(MigrateOptions.next(2));
        }
    },
    UNDO {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().undoTo("1");
        }
    },
    UNDO_TWO {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().undo(2);
        }
    },
    REPAIR {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().repair();
        }
    },
    BASELINE {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().baseline("2");
        }
    },
    RESET {
        @Override
        void perform(String url, HandedOut handedOut) throws SQLException {
            Gangway.to(url).build().reset(new ResetOptions(true, true));
        }
    };

    /** Called while a connection is in the application's hands. */
    @FunctionalInterface
    interface HandedOut {
        void look() throws SQLException;
    }

    abstract void perform(String url, HandedOut handedOut) throws SQLException;
}
