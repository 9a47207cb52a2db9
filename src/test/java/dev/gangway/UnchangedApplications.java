package dev.gangway;

import dev.gangway.testkit.TestClassPath;
import dev.gangway.unchanged.Application;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Packs {@code dev.gangway.unchanged} in the ways in which applications are packed. */
final class UnchangedApplications {
    static final String LOGBACK = """
            <configuration><appender name="APPLICATION" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>APPLICATION'S LOG %logger{0} %msg%n</pattern></encoder></appender>
            <root level="INFO"><appender-ref ref="APPLICATION"/></root></configuration>
            """;

    private UnchangedApplications() {}

    /** Writes classes, a migration and Logback's configuration into a folder; {@return the folder} */
    static Path classes(Path folder) throws IOException {
        Path compiled = Path.of(Application.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Path own = Files.createDirectories(folder.resolve("dev/gangway/unchanged"));
        try (Stream<Path> files = Files.list(compiled.resolve("dev/gangway/unchanged"))) {
            for (Path file : files.toList()) {
                Files.copy(file, own.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("logback.xml"), LOGBACK);
        Path migrations = Files.createDirectories(folder.resolve("db/migration"));
        Files.writeString(migrations.resolve("V1__item.sql"), "create table item(id int)");
        return folder;
    }

    /** {@return jars of the tests' class path whose names begin so} */
    static List<Path> libraries(String... names) {
        return TestClassPath.entries().stream()
                .map(Path::of)
                .filter(jar -> Stream.of(names).anyMatch(jar.getFileName().toString()::startsWith))
                .toList();
    }

    static String classPath(Path classes, List<Path> libraries) {
        return Stream.concat(Stream.of(classes), libraries.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Packs as Spring Boot does: its loader, the application's classes, and the libraries as jars in the jar. */
    static Path springBoot(Path jar, Path classes, List<Path> libraries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
        manifest.getMainAttributes().putValue("Start-Class", Application.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                JarFile loader =
                        new JarFile(libraries("spring-boot-loader-").get(0).toFile());
                Stream<Path> files = Files.walk(classes)) {
            for (JarEntry entry : loader.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                store(out, entry.getName(), loader.getInputStream(entry).readAllBytes());
            }
            for (Path each : files.toList()) {
                String name = "BOOT-INF/classes/" + classes.relativize(each);
                if (Files.isDirectory(each)) {
                    store(out, name.endsWith("/") ? name : name + "/", new byte[0]);
                } else {
                    store(out, name, Files.readAllBytes(each));
                }
            }
            store(out, "BOOT-INF/lib/", new byte[0]);
            for (Path library : libraries) {
                store(out, "BOOT-INF/lib/" + library.getFileName(), Files.readAllBytes(library));
            }
        }
        return jar;
    }

    /** Writes a folder as servlet containers deploy it; {@return the folder} */
    static Path webApplication(Path folder, List<Path> libraries) throws IOException {
        classes(folder.resolve("WEB-INF/classes"));
        Path lib = Files.createDirectories(folder.resolve("WEB-INF/lib"));
        for (Path library : libraries) {
            Files.copy(library, lib.resolve(library.getFileName()));
        }
        return folder;
    }

    /** Spring Boot's loader reads jars in the jar in place. */
    private static void store(JarOutputStream out, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(JarEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    /** {@return options of a JVM with the agent} */
    static List<String> withAgent(String... options) {
        List<String> all = new ArrayList<>();
        all.add("-javaagent:" + CommandLineJar.jar("-all\\.jar"));
        all.addAll(List.of(options));
        return all;
    }
}
