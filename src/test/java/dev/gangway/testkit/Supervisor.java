package dev.gangway.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs a server program that cannot outlive this JVM.
 *
 * <p>A tiny shell starts and stops the server on commands from its standard input, a pipe that only this JVM holds.
 * When the JVM ends, even by {@code kill -9}, the pipe closes, the shell stops the server and removes its directory.
 * Hooks and {@code deleteOnExit} cannot promise that.
 *
 * <p>Not thread-safe.
 */
final class Supervisor implements AutoCloseable {

    private static final String SCRIPT = """
            trap '' HUP INT TERM PIPE
            directory=$1 signal=$2 runner=
            shift 2
            cd "$directory" || exit 1
            stop() {
                [ -n "$runner" ] || return
                while [ ! -s pid ]; do sleep 0.01; done
                kill -"$signal" "$(cat pid)" 2>/dev/null
                wait "$runner"
                runner=
                rm -f pid
            }
            while read -r command; do
                case $command in
                    start)
                        stop
                        {
                            "$@" </dev/null >>log 2>&1 &
                            echo $! >pid
                            echo started
                            wait $!
                            echo exited
                        } &
                        runner=$!
                        ;;
                    stop)
                        stop
                        echo stopped
                        ;;
                esac
            done
            stop
            cd / && rm -rf "$directory"
            """;

    private static final long ANSWER_SECONDS = 30;

    private final Path log;
    private final Process shell;
    private final Writer commands;
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile boolean running;
    private long startedAt;

    /**
     * @param directory its working directory, which is removed in the end; holds its output in {@code log}
     * @param stopSignal what stops it at once: {@code QUIT}
     * @param command the program and its arguments
     */
    Supervisor(Path directory, String stopSignal, List<String> command) {
        log = directory.resolve("log");
        List<String> line = new ArrayList<>();
        if (Command.succeeds(directory, List.of("setsid", "true"))) {
            line.add("setsid"); // out of reach of a signal to this JVM's whole process group
        }
        line.addAll(List.of("sh", "-c", SCRIPT, "supervisor", directory.toString(), stopSignal));
        line.addAll(command);
        try {
            shell = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh", e);
        }
        commands = shell.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readAnswers, "supervisor-" + directory.getFileName());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the program and waits until its output of this start contains the text.
     *
     * @return false when the program ended before that; {@link #output()} tells why
     */
    boolean start(String ready) {
        startedAt = logSize();
        running = true;
        ask("start", "started");
        Await.until(
                "the server says \"" + ready + "\"",
                Duration.ofSeconds(ANSWER_SECONDS),
                () -> !running || output().contains(ready));
        return running;
    }

    /** Stops the program with the stop signal and returns when it has ended. */
    void stop() {
        ask("stop", "stopped");
    }

    /** What the program has printed since its last start. */
    String output() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(startedAt, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    /** Stops the program, removes the directory. */
    @Override
    public void close() {
        try {
            commands.close();
            if (!shell.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The server of " + log.getParent() + " does not stop");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach the supervisor of " + log.getParent(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the closed pipe stops the server all the same
        }
    }

    private long logSize() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    private void ask(String command, String expected) {
        try {
            commands.write(command + "\n");
            commands.flush();
            String answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (!expected.equals(answer)) {
                throw new IllegalStateException(
                        "The supervisor of %s answered %s to %s".formatted(log.getParent(), answer, command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach the supervisor of " + log.getParent(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the supervisor to " + command, e);
        }
    }

    private void readAnswers() {
        try (BufferedReader lines = shell.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("exited")) {
                    running = false;
                } else {
                    answers.add(line);
                }
            }
        } catch (IOException e) {
            answers.add("an error: " + e.getMessage());
        }
        running = false;
    }
}
