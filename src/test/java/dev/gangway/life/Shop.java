package dev.gangway.life;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.gangway.GangwayDriver;
import dev.gangway.JavaMigration;
import dev.gangway.MigrationListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The classes of a small web application: a pool, a migration in Java, a listener. Copied into its WEB-INF/classes. */
public final class Shop {
    private Shop() {}

    /** Opens the pool when the application is deployed, and closes it when it is undeployed. */
    public static final class Lifecycle implements ServletContextListener {
        private HikariDataSource pool;

        @Override
        public void contextInitialized(ServletContextEvent event) {
            HikariConfig config = new HikariConfig();
            config.setDriverClassName(GangwayDriver.class.getName());
            config.setJdbcUrl(event.getServletContext().getInitParameter("url"));
            config.setMaximumPoolSize(2);
            try {
                pool = new HikariDataSource(config);
            } catch (PoolInitializationException e) {
                event.getServletContext().setAttribute("failure", e.getMessage());
            }
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            if (pool != null) {
                pool.close();
            }
            if (Boolean.parseBoolean(event.getServletContext().getInitParameter("deregister"))) {
                try {
                    GangwayDriver.deregister();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Is applied once, by the first deployment. */
    public static final class Prices implements JavaMigration {
        @Override
        public String version() {
            return "2";
        }

        @Override
        public String description() {
            return "prices";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table price(id int)");
            }
        }
    }

    /** Fails in a way that only this application knows. */
    public static final class Failing implements JavaMigration {
        /** Its class is one of the web application's. */
        public static final class OutOfStock extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        @Override
        public String version() {
            return "3";
        }

        @Override
        public String description() {
            return "fails";
        }

        @Override
        public void migrate(Connection connection) {
            throw new OutOfStock();
        }
    }

    /** Hears of everything. */
    public static final class Listener implements MigrationListener {}
}
