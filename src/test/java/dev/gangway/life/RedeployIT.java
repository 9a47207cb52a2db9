package dev.gangway.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import dev.gangway.testkit.Torture;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that is deployed again and again in one Tomcat leaves nothing of itself behind. */
@Timeout(300)
class RedeployIT {
    private static final int TIMES = Torture.full() ? 50 : 3;
    /** A thread of pgjdbc's lives for another 30 seconds after the last connection, and its classes with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(Torture.full() ? 90 : 20);

    /** Goes on until the application is undeployed. */
    private static final String ENDLESS =
            "-- gangway: run=background\n-- gangway: transaction=off\ndo $$ begin loop perform pg_sleep(0.01); end loop; end $$;";

    @TempDir
    Path folder;

    private TestDatabase database;
    private MigrationFolder migrations;

    @BeforeEach
    void createDatabase() throws Exception {
        database = TestServer.newDatabase();
        migrations = MigrationFolder.in(folder.resolve("migrations"))
                .add("V1__vector.sql", "create extension vector; create table item(embedding vector(3))")
                .add(
                        "V4__index.sql",
                        "-- gangway: run=background\ncreate index concurrently item_embedding on item(embedding)");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingStaysOfADriverThatTheApplicationBringsWithIt(boolean deregisters) throws Exception {
        WebApplication application = WebApplication.in(folder.resolve("shop"), List.of(Shop.Prices.class))
                .withLibraries(
                        Torture.full() ? List.of("postgresql-42", "pgvector-", "HikariCP") : List.of("HikariCP"));
        migrations.add("V4__index.sql", ENDLESS);
        try (Tomcat tomcat = new Tomcat(folder.resolve("tomcat"), getClass().getClassLoader())) {
            redeploy(tomcat, application, deregisters, "null", false);
            assertThat(tomcat.warnings())
                    .filteredOn(RedeployIT::isOurs)
                    .allMatch(warning ->
                            !deregisters && warning.contains("registered the JDBC driver [dev.gangway.GangwayDriver]"));
        }
    }

    @Test
    void nothingStaysOfAnApplicationWhoseDriverBelongsToTheServer() throws Exception {
        redeployBesideASharedDriver(Shop.Prices.class, "null");
        assertThat(database.ask("select count(*) from price")).isEqualTo("0");
    }

    @Test
    void nothingStaysOfAnApplicationWhoseMigrationHasFailed() throws Exception {
        redeployBesideASharedDriver(Shop.Failing.class, "OutOfStock");
        assertThat(database.ask("select state from gangway_history where version = '3'"))
                .isEqualTo("failed");
    }

    private void redeployBesideASharedDriver(Class<?> migration, String failure) throws Exception {
        WebApplication application = WebApplication.in(folder.resolve("shop"), List.of(migration));
        Path lib = folder.resolve("lib");
        WebApplication.copyLibraries(lib, List.of("HikariCP"));
        try (Stream<Path> jars = Files.list(lib)) {
            List<URL> urls = new ArrayList<>();
            for (Path jar : jars.toList()) {
                urls.add(jar.toUri().toURL());
            }
            // Before its parent, so that these classes are not those of the test.
            try (URLClassLoader shared = new OwnFirst(urls, getClass().getClassLoader());
                    Tomcat tomcat = new Tomcat(folder.resolve("tomcat"), shared)) {
                redeploy(tomcat, application, false, failure, failure.equals("null"));
                assertThat(tomcat.warnings()).filteredOn(RedeployIT::isOurs).isEmpty();
                shared.loadClass("dev.gangway.GangwayDriver")
                        .getMethod("deregister")
                        .invoke(null);
            }
        }
    }

    private void redeploy(
            Tomcat tomcat, WebApplication application, boolean deregisters, String failure, boolean awaitsBackground)
            throws Exception {
        Map<String, String> parameters = Map.of(
                "url",
                database.gangwayUrl("gangway.locations=" + migrations.location()),
                "deregister",
                Boolean.toString(deregisters));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            Context context = tomcat.deploy(application, parameters);
            assertThat(context.getState().isAvailable()).isTrue();
            assertThat(String.valueOf(context.getServletContext().getAttribute("failure")))
                    .contains(failure);
            if (awaitsBackground) {
                Await.until("the index is built", PATIENCE, () -> "applied"
                        .equals(database.ask("select state from gangway_history where version = '4'")));
            }
            loaders.add(tomcat.undeploy(context));
        }
        forgetLastRecord();
        Await.until("all class loaders are collected", PATIENCE, () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.get() == null);
        });
        assertThat(tomcat.leaks()).isEmpty();
        Await.until("no session is left", PATIENCE, () -> "0"
                .equals(database.ask("select count(*) from pg_stat_activity where pid <> pg_backend_pid()"
                        + " and datname = current_database()")));
    }

    /**
     * The JDK keeps the class of the record whose {@code equals} it has made last, in a cache of one place
     * ({@code java.lang.runtime.ObjectMethods}), and with it that class's loader.
     */
    private void forgetLastRecord() throws Exception {
        URL here = Compared.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader anew = new OwnFirst(List.of(here), getClass().getClassLoader())) {
            Constructor<?> constructor =
                    anew.loadClass(Compared.class.getName()).getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            assertThat(constructor.newInstance(1)).isEqualTo(constructor.newInstance(1));
        }
    }

    private record Compared(int value) {}

    /** HikariCP's and pgjdbc's threads and drivers are theirs. */
    private static boolean isOurs(String warning) {
        return warning.contains("The web application")
                && !warning.contains("[HikariPool-")
                && !warning.contains("[PostgreSQL-JDBC-")
                && !warning.contains("[org.postgresql.Driver]");
    }

    /** A class loader of Tomcat's lib folder. */
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(List<URL> urls, ClassLoader parent) {
            super(urls.toArray(URL[]::new), parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    try {
                        loaded = findClass(name);
                    } catch (ClassNotFoundException e) {
                        return super.loadClass(name, resolve);
                    }
                }
                return loaded;
            }
        }
    }
}
