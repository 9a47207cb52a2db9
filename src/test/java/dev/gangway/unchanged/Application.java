package dev.gangway.unchanged;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

/** Connects in each way that it is told, and counts the rows of the table that a migration makes. */
public final class Application {
    private Application() {}

    /** @param args pairs of a way and a URL */
    public static void main(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            try {
                System.out.println(args[i] + " " + rows(args[i], args[i + 1]));
            } catch (SQLException e) {
                System.out.println(
                        args[i] + " " + e.getClass().getName() + " " + e.getSQLState() + " " + e.getMessage());
            }
        }
        System.out.println("slf4j " + Application.class.getClassLoader().getResource("org/slf4j/Logger.class"));
    }

    private static String rows(String way, String url) throws SQLException {
        return switch (way) {
            case "HikariCP" -> rowsThroughHikari(url);
            case "PGSimpleDataSource" -> {
                PGSimpleDataSource simple = new PGSimpleDataSource();
                simple.setURL(url);
                yield rows(simple.getConnection());
            }
            case "PGConnectionPoolDataSource" -> {
                PGConnectionPoolDataSource pooled = new PGConnectionPoolDataSource();
                pooled.setURL(url);
                yield rows(pooled.getPooledConnection().getConnection());
            }
            case "PGXADataSource" -> {
                PGXADataSource xa = new PGXADataSource();
                xa.setURL(url);
                yield rows(xa.getXAConnection().getConnection());
            }
            default -> rows(DriverManager.getConnection(url));
        };
    }

    private static String rowsThroughHikari(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSourceClassName(PGSimpleDataSource.class.getName());
        config.addDataSourceProperty("URL", url);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection connection = pool.getConnection()) {
            return rows(connection);
        }
    }

    static String rows(Connection connection) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from item")) {
            rows.next();
            return rows.getInt(1) + " rows, of the same pgjdbc: " + (connection.unwrap(PGConnection.class) != null);
        }
    }
}
