package dev.gangway.torture;

import dev.gangway.JavaMigration;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.ServerAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A scenario with its files on disk. Thread-safe. */
final class Stage {
    private final Scenario scenario;
    private final Path directory;
    private final ClassLoader loader;

    private Stage(Scenario scenario, Path directory, ClassLoader loader) {
        this.scenario = scenario;
        this.directory = directory;
        this.loader = loader;
    }

    static Stage of(Scenario scenario, Path directory) {
        MigrationFolder earlier = MigrationFolder.in(directory.resolve("earlier"));
        scenario.earlierFiles().forEach(earlier::add);
        MigrationFolder now = MigrationFolder.in(directory.resolve("now"));
        scenario.files().forEach(now::add);
        Path classes = directory.resolve("classes");
        Providers.in(classes, JavaMigration.class, scenario.classes().toArray(Class<?>[]::new))
                .close();
        return new Stage(scenario, directory, Providers.loader(classes));
    }

    Scenario scenario() {
        return scenario;
    }

    /** Where the scenario's classes are declared. */
    Path classes() {
        return directory.resolve("classes");
    }

    /** The schema of the history. */
    String schema() {
        return scenario.settings().stream()
                .filter(setting -> setting.startsWith("gangway.schema="))
                .map(setting -> setting.substring(setting.indexOf('=') + 1))
                .findFirst()
                .orElse("public");
    }

    /**
     * The URL of one process.
     *
     * @param process its name: to the driver, processes of two names have nothing in common
     */
    String url(ServerAddress server, String database, String process, String... more) {
        return url("now", server, database, process, more);
    }

    private String url(String files, ServerAddress server, String database, String process, String... more) {
        List<String> settings = new ArrayList<>();
        scenario.settings().forEach(setting -> settings.add(setting.replace(Scenario.DIRECTORY, directory.toString())));
        settings.add("gangway.locations=filesystem:" + directory.resolve(files));
        settings.add("ApplicationName=" + process);
        settings.addAll(List.of(more));
        return server.gangwayUrl(database, settings.stream().map(Stage::encoded).toArray(String[]::new));
    }

    private static String encoded(String setting) {
        int equals = setting.indexOf('=');
        return setting.substring(0, equals + 1)
                + URLEncoder.encode(setting.substring(equals + 1), StandardCharsets.UTF_8);
    }

    /** Brings a new database to where the scenario begins. */
    void prepare(Specimen database) throws SQLException {
        if (!scenario.earlierFiles().isEmpty()) {
            try {
                inside(() -> Action.CONNECT.perform(
                        url("earlier", database.server().address(), database.name(), "earlier"), () -> {}));
            } catch (SQLException e) {
                if (!scenario.hasFailedEarlier()) {
                    throw e;
                }
            }
            database.awaitNobodyConnected();
        }
        if (!scenario.sql().isEmpty()) {
            database.execute(scenario.sql());
        }
    }

    /** Something that a process does. */
    @FunctionalInterface
    interface Deed {
        void run() throws SQLException;
    }

    /** Does it where the scenario's classes are to be seen. */
    void inside(Deed deed) throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            deed.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Whether what runs beside the application has come to its end. */
    boolean isThrough(Specimen database) throws SQLException {
        List<String> history = scenario.background().isEmpty() ? List.of() : database.history();
        return scenario.background().stream()
                .allMatch(script -> history.stream().anyMatch(row -> row.startsWith(script + " applied ")));
    }

    /** Of the rows of a history those that an application waits for. */
    List<String> awaited(List<String> history) {
        return history.stream()
                .filter(row -> scenario.background().stream().noneMatch(script -> row.startsWith(script + " ")))
                .toList();
    }
}
