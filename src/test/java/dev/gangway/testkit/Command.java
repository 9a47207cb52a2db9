package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs a short command to its end. */
final class Command {

    private Command() {}

    /** What a command printed on both streams, and its exit status. */
    record Result(int status, String output) {}

    static Result run(Path directory, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running " + String.join(" ", command), e);
        }
    }

    /** @return the output of a command that must succeed */
    static String check(Path directory, List<String> command) {
        Result result = run(directory, command);
        if (result.status() != 0) {
            throw new IllegalStateException(
                    "%s exited with %d: %s".formatted(String.join(" ", command), result.status(), result.output()));
        }
        return result.output();
    }

    /** Whether the program exists and says yes. */
    static boolean succeeds(Path directory, List<String> command) {
        try {
            return run(directory, command).status() == 0;
        } catch (UncheckedIOException e) {
            return false; // there is no such program
        }
    }
}
