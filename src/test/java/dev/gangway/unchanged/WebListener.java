package dev.gangway.unchanged;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.sql.SQLException;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/** A web application that brings its own pgjdbc. */
public final class WebListener implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(event.getServletContext().getInitParameter("url"));
        try {
            System.out.println(event.getServletContext().getContextPath() + " "
                    + Application.rows(source.getConnection()) + ", its own: "
                    + (Driver.class.getClassLoader() == WebListener.class.getClassLoader()));
        } catch (SQLException e) {
            System.out.println(e);
        }
    }
}
