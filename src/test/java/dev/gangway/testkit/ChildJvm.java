package dev.gangway.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java process of its own, with the class path of the tests, that can be killed and never outlives its parent.
 *
 * <p>Its main method may wait for the parent with {@link ChildMain#nextLine()}; its standard input is taken. Its
 * JVM is set to start fast and to stay small. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final Writer input;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread outputReader;
    private final Thread errorReader;

    private ChildJvm(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.outputReader = reader(process.inputReader(StandardCharsets.UTF_8), lines);
        this.errorReader = reader(process.errorReader(StandardCharsets.UTF_8), errors);
    }

    /** Starts a class's main method in a process of its own. */
    public static ChildJvm start(Class<?> main, String... args) {
        return start(main, List.of(args), Map.of());
    }

    /** @param systemProperties of the child; it does not inherit any but {@code project.build.directory} */
    public static ChildJvm start(Class<?> main, List<String> args, Map<String, String> systemProperties) {
        return start(List.of(), main, args, systemProperties);
    }

    /** @param options of the JVM itself, such as {@code -Xlog:class+load} */
    public static ChildJvm start(List<String> options, Class<?> main, String... args) {
        return start(options, main, List.of(args), Map.of());
    }

    private static ChildJvm start(
            List<String> options, Class<?> main, List<String> args, Map<String, String> systemProperties) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                TestClassPath.joined()));
        command.addAll(options);
        String buildDirectory = System.getProperty("project.build.directory");
        if (buildDirectory != null) {
            command.add("-Dproject.build.directory=" + buildDirectory);
        }
        systemProperties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add(ChildMain.class.getName());
        command.add(main.getName());
        command.addAll(args);
        try {
            return new ChildJvm(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a Java process", e);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Lines of its standard output so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Lines of its standard error so far, which is where the log goes. */
    public List<String> errorLines() {
        return List.copyOf(errors);
    }

    /** Gives {@link ChildMain#nextLine()} its next line. */
    public void send(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Process " + pid() + " has ended: " + output(), e);
        }
    }

    /**
     * Waits for a line of its standard output, which may have come already.
     *
     * @return the first such line
     * @throws AssertionError when there is none in time, or the process has ended without it
     */
    public String awaitLine(Predicate<String> wanted, Duration atMost) {
        Await.until(
                "process " + pid() + " prints the line",
                atMost,
                () -> lines.stream().anyMatch(wanted) || !outputReader.isAlive());
        return lines.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Process " + pid() + " ended without the line: " + output()));
    }

    /** Stops all of its threads by SIGSTOP, as a debugger, a hypervisor or a container's freezer does. */
    public void pause() {
        signal("-STOP");
    }

    /** Lets it go on, with no idea that time has passed. */
    public void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        Command.check(Path.of("."), List.of("kill", signal, Long.toString(pid())));
    }

    /** Ends the process by SIGKILL and returns when it is gone. */
    public void kill9() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(10));
    }

    /** Waits for its end and for all of its output; 137 after {@link #kill9}, 1 when main has thrown. */
    public int exitCode(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Process " + pid() + " is still running: " + output());
            }
            outputReader.join(atMost.toMillis());
            errorReader.join(atMost.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for process " + pid(), e);
        }
    }

    /** Kills the process if it is still there. */
    @Override
    public void close() {
        kill9();
    }

    private String output() {
        return String.join("\n", lines) + "\n" + String.join("\n", errors);
    }

    private Thread reader(BufferedReader stream, List<String> target) {
        Thread thread = new Thread(
                () -> {
                    try (stream) {
                        stream.lines().forEach(target::add);
                    } catch (IOException | UncheckedIOException e) {
                        target.add("(output ends: " + e.getMessage() + ")");
                    }
                },
                "output-of-" + process.pid());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
