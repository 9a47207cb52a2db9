package dev.gangway.testkit;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As many copies of the driver in one JVM as a fleet has processes: each in a class loader of its own, with its own
 * pgjdbc and statics, sharing nothing but the JDK. Starts faster than processes do.
 *
 * <p>Not thread-safe.
 */
public final class FleetOfClassLoaders implements AutoCloseable {

    private static final Pattern NEEDED =
            Pattern.compile(".*(classes/?|[/\\\\](gangway|postgresql|pgvector|slf4j-api|logback)-[^/\\\\]*\\.jar)");

    private static final String GANGWAY = "dev.gangway.GangwayDriver";

    private final List<Member> members;

    private FleetOfClassLoaders(List<Member> members) {
        this.members = members;
    }

    /** What one member does at the start signal; its class loader is the thread's context class loader. */
    @FunctionalInterface
    public interface Task<T> {
        T run(Member member) throws Exception;
    }

    /**
     * One copy of the driver.
     *
     * @param number from 0
     */
    public record Member(int number, Driver driver, URLClassLoader loader) {

        /** A connection from this member's driver. */
        public Connection connect(String url, Properties properties) throws SQLException {
            Connection connection = driver.connect(url, properties);
            if (connection == null) {
                throw new SQLException("The driver does not take " + url);
            }
            return connection;
        }
    }

    /**
     * How a task ended. Either value or failure is null.
     *
     * @param elapsed from the start signal to the member's end
     */
    public record Outcome<T>(
            int number, @Nullable T value, @Nullable Exception failure, Duration elapsed) {

        /** The value of a task that has to have succeeded. */
        public T get() {
            if (failure != null || value == null) {
                throw new AssertionError("Member " + number + " failed", failure);
            }
            return value;
        }
    }

    /**
     * Loads Gangway's driver so many times.
     *
     * @param more directories or jars that each loader sees besides: migrations
     */
    public static FleetOfClassLoaders of(int size, Path... more) {
        return of(size, GANGWAY, more);
    }

    /** @param driverClass a driver of the class path with a public constructor without arguments */
    public static FleetOfClassLoaders of(int size, String driverClass, Path... more) {
        URL[] urls = Stream.concat(
                        TestClassPath.entries().stream()
                                .filter(entry -> NEEDED.matcher(entry).matches())
                                .map(Path::of),
                        Stream.of(more))
                .map(FleetOfClassLoaders::url)
                .toArray(URL[]::new);
        List<Member> members = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
            try {
                Object driver = loader.loadClass(driverClass).getConstructor().newInstance();
                members.add(new Member(number, (Driver) driver, loader));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot load " + driverClass + " in a class loader of its own", e);
            }
        }
        return new FleetOfClassLoaders(List.copyOf(members));
    }

    /** The members, in order. */
    public List<Member> members() {
        return members;
    }

    /** Lets every member connect at the same moment. The caller closes the connections. */
    public List<Outcome<Connection>> connectAll(String url, Properties properties) {
        return runAll(member -> member.connect(url, properties));
    }

    /** Runs the task in every member at the same moment, each on a thread of its own, and waits for all. */
    public <T> List<Outcome<T>> runAll(Task<T> task) {
        ExecutorService threads = Executors.newFixedThreadPool(members.size());
        try {
            CountDownLatch ready = new CountDownLatch(members.size());
            CountDownLatch start = new CountDownLatch(1);
            AtomicLong startedAt = new AtomicLong();
            List<Future<Outcome<T>>> running = new ArrayList<>();
            for (Member member : members) {
                Callable<Outcome<T>> call = () -> {
                    Thread.currentThread().setContextClassLoader(member.loader());
                    ready.countDown();
                    start.await();
                    return run(task, member, startedAt.get());
                };
                running.add(threads.submit(call));
            }
            ready.await();
            startedAt.set(System.nanoTime());
            start.countDown();
            List<Outcome<T>> outcomes = new ArrayList<>();
            for (Future<Outcome<T>> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the fleet is at work", e);
        } catch (ExecutionException e) {
            throw new AssertionError("A member of the fleet died", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> Outcome<T> run(Task<T> task, Member member, long startedAt) {
        T value = null;
        Exception failure = null;
        try {
            value = task.run(member);
        } catch (Exception e) {
            failure = e;
        }
        return new Outcome<>(member.number(), value, failure, Duration.ofNanos(System.nanoTime() - startedAt));
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a place for classes: " + path, e);
        }
    }

    /** Takes the drivers back, as a redeployed application does, and closes the class loaders. Close the connections first. */
    @Override
    public void close() {
        for (Member member : members) {
            try {
                if (member.driver().getClass().getName().equals(GANGWAY)) {
                    member.driver().getClass().getMethod("deregister").invoke(null);
                }
                member.loader().close();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot take a driver back", e);
            } catch (IOException e) {
                throw new IllegalStateException("Cannot close a class loader", e);
            }
        }
    }
}
