package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first connection of a fresh process leaves out, because the JVM takes long over it. */
class FirstConnectionIT {

    /** Connects once. */
    public static final class ConnectOnce {
        private ConnectOnce() {}

        public static void main(String[] args) throws Exception {
            try (Connection connection = DriverManager.getConnection(args[0])) {
                if (!connection.isValid(10)) {
                    throw new IllegalStateException("The connection is not valid");
                }
            }
        }
    }

    @TempDir
    Path folder;

    @Test
    void aFreshProcessUsesNoLambdaAndNoGeneratedMethodOfARecordWhenNothingIsPending() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            MigrationFolder migrations = MigrationFolder.in(folder)
                    .add("101_numbered.sql", "-- gangway: lock-timeout=5s\ncreate table numbered (id int)")
                    .add("V102__versioned.sql", "-- gangway: type=data\ncreate table versioned (id int)")
                    .add("V102__versioned.undo.sql", "drop table versioned")
                    .add("V103__from_file.sql", "create table f as select ${gangway:file:f.txt};\n\\copy f from f.txt")
                    .add("f.txt", "text")
                    .add("R__repeated.sql", "create or replace view repeated as select ${answer} as answer");
            String url = database.gangwayUrl(
                    "gangway.locations=pack:sheratan-store," + migrations.location(),
                    "gangway.placeholders.vectorDimension=3",
                    "gangway.placeholders.ivfflatRows=0",
                    "gangway.placeholders.answer=42");
            DriverManager.getConnection(url).close();

            List<String> loaded = classesLoadedToConnect(url);

            assertThat(loaded).anyMatch(name -> name.startsWith("dev.gangway.history.Precheck "));
            assertThat(loaded).noneMatch(name -> name.startsWith("dev.gangway.execute."));
            assertThat(loaded).noneMatch(name -> name.startsWith("dev.gangway.event."));
            assertThat(loaded)
                    .noneMatch(name -> name.startsWith("dev.gangway.")
                            && !name.startsWith("dev.gangway.testkit.")
                            && name.contains("$$Lambda"));
            assertThat(loaded).noneMatch(name -> name.startsWith("java.lang.runtime.ObjectMethods "));
        }
    }

    private List<String> classesLoadedToConnect(String url) throws Exception {
        Path log = folder.resolve("classes.log");
        try (ChildJvm child =
                ChildJvm.start(List.of("-Xlog:class+load=info:file=" + log + ":none"), ConnectOnce.class, url)) {
            assertThat(child.exitCode(Duration.ofMinutes(1))).isZero();
        }
        return Files.readAllLines(log);
    }
}
