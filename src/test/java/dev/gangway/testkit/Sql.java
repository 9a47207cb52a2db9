package dev.gangway.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The few words of SQL that tests say to a server. */
public final class Sql {

    private Sql() {}

    /**
     * A new connection of bare pgjdbc: past DriverManager, so that no driver under test has a say.
     *
     * @param url a {@code jdbc:postgresql:} URL with everything in it, user and password too
     */
    public static Connection connect(String url) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source.getConnection();
    }

    /** Runs one SQL text, of one or more statements. */
    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the query's first row as text; null for SQL's null and for no row. */
    public static @Nullable String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
