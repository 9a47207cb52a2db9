package dev.gangway.life;

import dev.gangway.GangwayDriver;
import dev.gangway.JavaMigration;
import dev.gangway.MigrationListener;
import dev.gangway.testkit.TestClassPath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A folder as a servlet container deploys it. */
record WebApplication(Path folder) {

    /** Writes it, with {@link Shop}'s classes and those providers of services. */
    static WebApplication in(Path folder, List<Class<?>> migrations) {
        try {
            Path classes = Files.createDirectories(folder.resolve("WEB-INF/classes"));
            Path own = Files.createDirectories(classes.resolve("dev/gangway/life"));
            Path compiled = Path.of(Shop.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            try (Stream<Path> files = Files.list(compiled.resolve("dev/gangway/life"))) {
                for (Path file : files.filter(
                                each -> each.getFileName().toString().startsWith("Shop"))
                        .toList()) {
                    Files.copy(file, own.resolve(file.getFileName()));
                }
            }
            Path services = Files.createDirectories(classes.resolve("META-INF/services"));
            Files.write(
                    services.resolve(JavaMigration.class.getName()),
                    migrations.stream().map(Class::getName).toList());
            Files.writeString(services.resolve(MigrationListener.class.getName()), Shop.Listener.class.getName());
            return new WebApplication(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the driver and other jars, whose names begin like that, into WEB-INF/lib. */
    WebApplication withLibraries(List<String> others) {
        copyLibraries(folder.resolve("WEB-INF/lib"), others);
        return this;
    }

    /** Copies the driver, and jars whose names begin like that, into a folder. */
    static void copyLibraries(Path lib, List<String> others) {
        try {
            Files.createDirectories(lib);
            Path gangway = Path.of(GangwayDriver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            if (Files.isDirectory(gangway)) {
                jar(gangway, lib.resolve("gangway.jar"));
            } else {
                Files.copy(gangway, lib.resolve("gangway.jar"));
            }
            for (String entry : TestClassPath.entries()) {
                Path jar = Path.of(entry);
                String name = jar.getFileName().toString();
                if (others.stream().anyMatch(name::startsWith)) {
                    Files.copy(jar, lib.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
    }
}
