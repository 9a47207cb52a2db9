package dev.gangway.benchmarks;

import dev.gangway.GangwayDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.flywaydb.core.Flyway;

/**
 * What an application does at its start to have its schema up to date, with each tool: as its documentation says, with its
 * defaults, its log turned off, from the URL to the end.
 *
 * <p>Each is a class of its own, so that a process which uses one loads nothing of the others.
 */
public final class Start {

    private Start() {}

    /** Called by name where a class loader or a process has classes of its own. */
    public static void main(String[] args) throws Exception {
        with(args[0], args[1], Path.of(args[2]), Path.of(args[3]));
    }

    /**
     * @param url       pgjdbc's, with parameters
     * @param folder    of the scripts for Gangway and Flyway
     * @param changeLog of Liquibase
     */
    static void with(String tool, String url, Path folder, Path changeLog) throws Exception {
        switch (tool) {
            case "gangway" -> WithGangway.start(url, folder);
            case "flyway" -> WithFlyway.start(url, folder);
            case "liquibase" -> WithLiquibase.start(url, changeLog);
            case "loop" -> WithLoop.start(url, folder);
            case "pgjdbc" -> WithPgjdbc.start(url);
            default -> throw new IllegalArgumentException(tool);
        }
    }

    private static final class WithGangway {
        static void start(String url, Path folder) throws SQLException {
            String ours = url.replaceFirst("jdbc:", "jdbc:gangway:") + "&gangway.locations=filesystem:" + folder;
            new GangwayDriver().connect(ours, new Properties()).close();
        }
    }

    private static final class WithFlyway {
        static void start(String url, Path folder) {
            Flyway.configure()
                    .dataSource(url, null, null)
                    .locations("filesystem:" + folder)
                    .load()
                    .migrate();
        }
    }

    /** Silent as Spring Boot has it; and it does not report its use to its makers, which would be measured too. */
    private static final class WithLiquibase {
        static void start(String url, Path changeLog) throws Exception {
            System.setProperty("liquibase.analytics.enabled", "false");
            LogManager.getLogManager().reset();
            Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), () -> {
                Connection connection = new org.postgresql.Driver().connect(url, new Properties());
                try (Liquibase liquibase = new Liquibase(
                        changeLog.getFileName().toString(),
                        new DirectoryResourceAccessor(changeLog.getParent()),
                        new JdbcConnection(connection))) {
                    liquibase.update();
                }
            });
        }
    }

    /** The least that one would write by hand: each script, and one insert for it. */
    private static final class WithLoop {
        static void start(String url, Path folder) throws SQLException, IOException {
            try (Connection connection = WithPgjdbc.connect(url);
                    Statement statement = connection.createStatement();
                    Stream<Path> files = Files.list(folder)) {
                statement.execute("create table history (script text primary key, checksum text, at timestamptz)");
                for (Path file : files.sorted().toList()) {
                    statement.execute(Files.readString(file));
                    statement.execute("insert into history values ('" + file.getFileName() + "', 'sum', now())");
                }
            }
        }
    }

    private static final class WithPgjdbc {
        static void start(String url) throws SQLException {
            connect(url).close();
        }

        static Connection connect(String url) throws SQLException {
            return new org.postgresql.Driver().connect(url, new Properties());
        }
    }

    /** A process of its own that starts once and says in how many nanoseconds; its start as a process is not counted. */
    public static final class Cold {
        private Cold() {}

        public static void main(String[] args) throws Exception {
            long begin = System.nanoTime();
            Start.main(args);
            System.out.println("nanoseconds: " + (System.nanoTime() - begin));
        }
    }
}
