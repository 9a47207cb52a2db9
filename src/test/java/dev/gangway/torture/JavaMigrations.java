package dev.gangway.torture;

import dev.gangway.JavaMigration;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.postgresql.PGConnection;

/** Migrations in Java that send messages of several kinds. */
final class JavaMigrations {
    private JavaMigrations() {}

    /** Version 2: prepared statements, a batch, a savepoint. */
    public static final class Second implements JavaMigration {
        @Override
        public String version() {
            return "2";
        }

        @Override
        public String description() {
            return "second";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("insert into log(entry) values (?)")) {
                for (int i = 1; i <= 2; i++) {
                    insert.setString(1, "java " + i);
                    insert.addBatch();
                }
                insert.executeBatch();
                Savepoint savepoint = connection.setSavepoint();
                insert.setString(1, "taken back");
                insert.executeUpdate();
                connection.rollback(savepoint);
            }
        }

        @Override
        public String undoSql() {
            return "delete from log where entry like 'java%'; insert into log(entry) values ('undone java 2');";
        }
    }

    /** Version 4: COPY. */
    public static final class Fourth implements JavaMigration {
        @Override
        public String version() {
            return "4";
        }

        @Override
        public String description() {
            return "fourth";
        }

        @Override
        public void migrate(Connection connection) throws SQLException, IOException {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy log(entry) from stdin", new StringReader("java 4a\njava 4b\n"));
        }

        @Override
        public String undoSql() {
            return "delete from log where entry like 'java 4%'; insert into log(entry) values ('undone java 4');";
        }
    }
}
