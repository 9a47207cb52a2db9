package dev.gangway.unchanged;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An application with a driver that is not pgjdbc. */
public final class WithoutPgjdbc implements Driver {
    private WithoutPgjdbc() {}

    /** Connects to a URL of its own driver, and to one that no driver knows. */
    public static void main(String[] args) throws SQLException {
        DriverManager.registerDriver(new WithoutPgjdbc());
        for (String url : args) {
            try {
                DriverManager.getConnection(url);
            } catch (SQLException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (acceptsURL(url)) {
            throw new SQLException("own driver: " + url + " " + info);
        }
        return null;
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith("jdbc:own:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public @Nullable Logger getParentLogger() {
        return null;
    }
}
