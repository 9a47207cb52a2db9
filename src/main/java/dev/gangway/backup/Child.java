package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program that this process runs and that ends with it: when it is closed, and when the JVM shuts down. What it
 * complains of is read on a thread of its own, because a program whose pipe is full stands still.
 */
final class Child implements AutoCloseable {
    private static final int KEPT_LINES = 15;
    private static final int LONGEST_LINE = 500;
    private static final long QUESTION_SECONDS = 10;

    private final Process process;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread reader;
    private final AtShutdown atShutdown;

    private Child(Process process, Runnable tidyUp) {
        this.process = process;
        reader = new Thread(this::readErrors, "gangway-stderr-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        atShutdown = AtShutdown.run(() -> {
            // In this order: what still runs might create a file once more.
            kill();
            tidyUp.run();
        });
    }

    /**
     * Starts a program.
     *
     * @param builder     says what becomes of its standard input and output; its complaints are read here
     * @param environment is added to this process's, of which everything that leads libpq elsewhere is left out
     * @param tidyUp      what else to do when the JVM shuts down while it runs
     */
    static Child start(ProcessBuilder builder, Map<String, String> environment, Runnable tidyUp) throws SQLException {
        Map<String, String> all = builder.environment();
        // PGSERVICE, PGHOSTADDR, PGOPTIONS and others would win over what we say. The password is libpq's to look up
        // when the URL has none.
        all.keySet()
                .removeIf(name -> name.startsWith("PG") && !name.equals("PGPASSWORD") && !name.equals("PGPASSFILE"));
        all.putAll(environment);
        try {
            return new Child(builder.start(), tidyUp);
        } catch (IOException e) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "Cannot run %s: %s\n  next: look at its permissions"
                            .formatted(builder.command().get(0), e.getMessage()),
                    e);
        }
    }

    /** {@return the first line that a short command prints, or null when it does not exist or fails} */
    static @Nullable String firstLineOf(List<String> command) throws SQLException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            // Debian's wrapper answers for the version of a local cluster, unless there is a host: as there will be.
            builder.environment().remove("PGCLUSTER");
            builder.environment().put("PGHOST", "localhost");
            process = builder.start();
        } catch (IOException e) {
            return null;
        }
        try {
            process.getOutputStream().close();
            // One line fits into the pipe, so it need not be read before the end.
            if (!process.waitFor(QUESTION_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return null;
            }
            try (BufferedReader output = process.inputReader()) {
                return output.readLine();
            }
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            throw Failures.interrupted(Path.of(command.get(0)), e);
        } finally {
            process.destroyForcibly();
        }
    }

    Process process() {
        return process;
    }

    /** Waits for its end and for the end of its complaints; {@return its exit status} */
    int await() throws InterruptedException {
        int status = process.waitFor();
        reader.join();
        return status;
    }

    /** {@return the last lines that it complained with} */
    String complaint() {
        synchronized (lastLines) {
            return lastLines.isEmpty() ? "nothing was said" : String.join("\n", lastLines);
        }
    }

    /** Ends the program if it still runs. */
    @Override
    public void close() {
        kill();
        atShutdown.close();
    }

    /** Ends it and returns when it is gone, so that it writes no longer. */
    void kill() {
        if (!process.isAlive()) {
            return;
        }
        // A program may be a script that has started the real one.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readErrors() {
        try (BufferedReader errors = process.errorReader(Charset.defaultCharset())) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                synchronized (lastLines) {
                    lastLines.add(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...");
                    if (lastLines.size() > KEPT_LINES) {
                        lastLines.remove();
                    }
                }
            }
        } catch (IOException e) {
            // The pipe ends with the program.
        }
    }
}
