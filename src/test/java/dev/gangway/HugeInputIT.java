package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.Torture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scripts of 100 MB and folders of 10,000 files (usually a tenth and a fifth of that) in processes with little memory. */
@Timeout(900)
class HugeInputIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int SCRIPT_MEGABYTES = Torture.full() ? 100 : 10;
    private static final int FILES = Torture.full() ? 10_000 : 2_000;

    /** What a process needs besides, with pgjdbc and the JDK, and how many times the bytes of the script. */
    private static final int BASE_MEGABYTES = 48;

    private static final int MEMORY_PER_SCRIPT = 6;

    private static final String TEN_KILOBYTES = "x".repeat(10_000);

    @TempDir
    Path folder;

    private Application app;

    @BeforeEach
    void createDatabase() throws SQLException {
        app = Application.in(folder);
        app.execute("create table item(name text)");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    private enum Kind {
        STATEMENTS("insert into item values ('" + "x".repeat(70) + "');\n", "", ""),
        DATA("x".repeat(99) + "\n", "copy item from stdin;\n", "\\.\n"),
        LITERAL(TEN_KILOBYTES, "insert into item values ('", "');\n"),
        COMMENT(TEN_KILOBYTES + "\n", "/*", "*/ insert into item values ('only');\n");

        private final String part;
        private final String before;
        private final String after;

        Kind(String part, String before, String after) {
            this.part = part;
            this.before = before;
            this.after = after;
        }

        void write(Path file, int bytes) {
            try (Writer out = Files.newBufferedWriter(file)) {
                out.write(before);
                for (int written = 0; written < bytes; written += part.length()) {
                    out.write(part);
                }
                out.write(after);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHugeScriptTakesMemoryInProportion(Kind kind) throws SQLException {
        int bytes = SCRIPT_MEGABYTES << 20;
        kind.write(folder.resolve("V2__huge.sql"), bytes);

        startWith(BASE_MEGABYTES + MEMORY_PER_SCRIPT * SCRIPT_MEGABYTES, app.url());

        long rows =
                switch (kind) {
                    case STATEMENTS, DATA -> (bytes + kind.part.length() - 1) / kind.part.length();
                    case LITERAL, COMMENT -> 1;
                };
        assertThat(app.ask("select count(*) from item")).isEqualTo(String.valueOf(rows));
        assertThat(app.history()).containsExactly("V2__huge.sql applied");
    }

    @Test
    void aFolderOfThousandsOfFilesIsAppliedAndLaterCheckedInOneMessage() throws Exception {
        for (int i = 1; i <= FILES; i++) {
            app.add("V" + i + "__insert.sql", "insert into item values ('" + i + "');");
        }
        startWith(64 + FILES / 100, app.url());
        assertThat(app.ask("select count(distinct name) || ' ' || count(*) from item"))
                .isEqualTo(FILES + " " + FILES);

        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            Application.startAt(app.url(proxy.address()));
            assertThat(proxy.sql().stream().filter(sql -> sql.contains("gangway_state")))
                    .hasSize(1)
                    .allMatch(sql -> sql.length() < 10_000);
        }
        assertThat(app.gangway().plan().steps()).isEmpty();
        assertThat(app.gangway().status().migrations()).hasSize(FILES);
    }

    private static void startWith(int megabytes, String url) {
        try (ChildJvm child = ChildJvm.start(List.of("-Xmx" + megabytes + "m"), ConnectMain.class, url)) {
            child.awaitLine("connected"::equals, PATIENCE);
        }
    }
}
