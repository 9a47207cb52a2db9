package dev.gangway;

import dev.gangway.testkit.PseudoTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the jar with everything inside, as users do. Not thread-safe. */
final class CommandLineJar {
    private static final int COLUMNS = 150;
    private static final int SECONDS = 60;

    private final Path directory;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** @param directory where it runs */
    CommandLineJar(Path directory) {
        this.directory = directory;
    }

    /** How a run ended; on a terminal all is in {@code out}, with line ends as they come. */
    record Run(int exit, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /** Sets a variable for the runs that follow. */
    CommandLineJar with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** {@return the one jar whose name ends so, as {@code -all.jar}} */
    static Path jar(String ending) {
        Path target = Path.of(System.getProperty("project.build.directory", "target"));
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("gangway-[0-9].*" + ending))
                    .max((left, right) -> left.compareTo(right))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Run run(String... args) {
        return finish(java(List.of("-jar", jar("-all\\.jar").toString()), args), null);
    }

    Run runOnTerminal(String... args) {
        return onTerminal(null, args);
    }

    /** Types an answer as soon as it asks for something. */
    Run answerOnTerminal(String typed, String... args) {
        return onTerminal(typed, args);
    }

    private Run onTerminal(@Nullable String typed, String... args) {
        List<String> command = java(List.of("-jar", jar("-all\\.jar").toString()), args);
        return finish(PseudoTerminal.around(command, COLUMNS), typed);
    }

    /** @param options of the JVM, which say what is run */
    Run java(List<String> options) {
        return finish(java(options, new String[0]), null);
    }

    private static List<String> java(List<String> options, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of(args));
        return command;
    }

    private Run finish(List<String> command, @Nullable String typed) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GANGWAY_") || name.equals("NO_COLOR"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            // Left open: the end of its input would be typed on the terminal.
            OutputStream input = process.getOutputStream();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String out =
                    typed == null ? text(process.getInputStream()) : answer(process.getInputStream(), input, typed);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("Still running: " + command);
            }
            return new Run(process.exitValue(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String answer(InputStream output, OutputStream input, String typed) throws IOException {
        StringBuilder seen = new StringBuilder();
        int next;
        while (!seen.toString().endsWith(": ") && (next = output.read()) >= 0) {
            seen.append((char) next);
        }
        input.write((typed + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        return seen + text(output);
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
