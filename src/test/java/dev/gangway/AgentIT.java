package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.CommandLineJar.Run;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import dev.gangway.unchanged.Application;
import dev.gangway.unchanged.WebServer;
import dev.gangway.unchanged.WithoutPgjdbc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications that know nothing of Gangway are migrated by its agent, in JVMs of their own, with the jar that users get. */
@Timeout(120)
class AgentIT {
    private static final List<String> WAYS =
            List.of("DriverManager", "PGSimpleDataSource", "HikariCP", "PGXADataSource", "PGConnectionPoolDataSource");

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void createDatabase() throws Exception {
        database = TestServer.newDatabase();
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    @Test
    void everyWayToPgjdbcLeadsThroughTheGate() throws Exception {
        List<TestDatabase> databases = new ArrayList<>();
        try {
            List<String> arguments = new ArrayList<>();
            for (String way : WAYS) {
                databases.add(TestServer.newDatabase());
                arguments.addAll(
                        List.of(way, databases.get(databases.size() - 1).jdbcUrl()));
            }

            Run run = plain(List.of(), arguments);

            for (String way : WAYS) {
                assertThat(run.out()).contains(way + " 0 rows, of the same pgjdbc: true");
            }
        } finally {
            for (TestDatabase each : databases) {
                each.close();
            }
        }
    }

    @Test
    void aMigrationThatFailsComesOutOfGetConnection() throws Exception {
        String failing = MigrationFolder.in(folder.resolve("failing"))
                .add("V1__wrong.sql", "create tabel item(id int)")
                .location();

        Run run = plain(
                List.of(),
                List.of("DriverManager", database.jdbcUrl("gangway.locations=" + failing, "gangway.retryAfter=0s")));

        assertThat(run.out())
                .contains("DriverManager dev.gangway.GangwayException$Permanent 42601 GW001")
                .contains("V1__wrong.sql:1:8");
    }

    @Test
    void replicationConnectionsAndWrongUrlsAreLeftToPgjdbc() throws Exception {
        Run run = plain(
                List.of(),
                List.of("replication", database.jdbcUrl("replication=database"), "other", "jdbc:postgres:x"));

        assertThat(database.ask("select to_regclass('gangway_history')")).isNull();
        assertThat(run.out()).contains("relation \"item\" does not exist").contains("No suitable driver");
    }

    @Test
    void anApplicationThatHasGangwayAsWellMigratesOnce() throws Exception {
        List<Path> gangway = List.of(CommandLineJar.jar("SNAPSHOT\\.jar"));

        Run run = plain(
                gangway,
                List.of(
                        "DriverManager", database.gangwayUrl(),
                        "PGSimpleDataSource", database.gangwayUrl().replace("jdbc:gangway:", "jdbc:"),
                        "DriverManager", database.gangwayUrl()));

        assertThat(run.out())
                .containsOnlyOnce("applying 1 pending migration")
                .contains("PGSimpleDataSource 0 rows", "DriverManager 0 rows");
    }

    @Test
    void anApplicationInOneJarKeepsItsOwnPgjdbcAndLog() throws Exception {
        Path jar = UnchangedApplications.springBoot(
                folder.resolve("application.jar"),
                UnchangedApplications.classes(folder.resolve("classes")),
                libraries());

        Run run = java("-jar", jar.toString(), "DriverManager", database.jdbcUrl());

        assertThat(run.out())
                .contains("DriverManager 0 rows, of the same pgjdbc: true")
                .containsPattern("APPLICATION'S LOG .*V1__item.sql")
                .containsPattern("slf4j jar:nested:.*BOOT-INF/lib/slf4j-api");
    }

    @Test
    void eachWebApplicationGetsConnectionsOfItsOwnPgjdbcAndLeavesNoGateBehind() throws Exception {
        Path classes = UnchangedApplications.classes(folder.resolve("server"));
        Path web = UnchangedApplications.webApplication(
                folder.resolve("web"), UnchangedApplications.libraries("postgresql-42"));
        String classPath = UnchangedApplications.classPath(
                classes, UnchangedApplications.libraries("tomcat-embed-", "tomcat-annotations-"));

        Run run = java(
                "-cp",
                classPath,
                WebServer.class.getName(),
                folder.resolve("tomcat").toString(),
                web.toString(),
                database.jdbcUrl(),
                database.jdbcUrl("ApplicationName=second"));

        assertThat(run.out())
                .contains(
                        "/application2 0 rows, of the same pgjdbc: true, its own: true\ngates that are left: []",
                        "/application3 0 rows, of the same pgjdbc: true, its own: true\ngates that are left: []");
    }

    @Test
    void withoutPgjdbcNothingIsTouchedOrLoaded() throws Exception {
        Run run = java(
                "-Xlog:class+load",
                "-cp",
                UnchangedApplications.classes(folder.resolve("classes")).toString(),
                WithoutPgjdbc.class.getName(),
                "jdbc:own:x",
                "jdbc:postgresql:x");

        assertThat(run.out())
                .contains("own driver: jdbc:own:x {}")
                .contains("No suitable driver found for jdbc:postgresql:x")
                .contains("dev.gangway.agent.GangwayAgent")
                .doesNotContain("bytebuddy", "dev.gangway.gate", "org.slf4j", "org.postgresql");
    }

    @Test
    void aDriverThatCannotBeChangedIsNotUsedUnchanged() throws Exception {
        Path strange = folder.resolve("strange.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(strange))) {
            out.putNextEntry(new JarEntry("org/postgresql/Driver.class"));
            out.write(new ByteBuddy()
                    .subclass(Object.class)
                    .name("org.postgresql.Driver")
                    .make()
                    .getBytes());
        }

        Run run = java(
                "-cp",
                UnchangedApplications.classPath(
                        UnchangedApplications.classes(folder.resolve("classes")),
                        concat(List.of(strange), UnchangedApplications.libraries("postgresql-42"))),
                Application.class.getName(),
                "DriverManager",
                database.jdbcUrl());

        assertThat(run.err())
                .containsOnlyOnce("Gangway's agent: cannot change org.postgresql.Driver")
                .contains("next: ");
        assertThat(run.out()).contains("DriverManager java.sql.SQLException 08001 No suitable driver");
    }

    /** Runs the application from a class path with its own pgjdbc and Logback. */
    private Run plain(List<Path> moreLibraries, List<String> arguments) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "-cp",
                UnchangedApplications.classPath(
                        UnchangedApplications.classes(folder.resolve("classes")), concat(libraries(), moreLibraries)),
                Application.class.getName()));
        options.addAll(arguments);
        Run run = java(options.toArray(String[]::new));
        assertThat(run.out()).contains("slf4j jar:file:").doesNotContain("-all.jar");
        return run;
    }

    private Run java(String... options) {
        Run run = new CommandLineJar(folder).java(UnchangedApplications.withAgent(options));
        assertThat(run.exit()).as(run.all()).isZero();
        return run;
    }

    private static List<Path> libraries() {
        return UnchangedApplications.libraries("postgresql-42", "HikariCP-", "slf4j-api", "logback-");
    }

    private static List<Path> concat(List<Path> first, List<Path> second) {
        List<Path> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
