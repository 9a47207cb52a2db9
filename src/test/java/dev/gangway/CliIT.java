package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.gangway.CommandLineJar.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as users have it: the jar with everything inside, in a process of its own. */
class CliIT {
    private static final String ESCAPE = "\u001b[";

    private Application app;
    private CommandLineJar gangway;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
        gangway = new CommandLineJar(folder).with("GANGWAY_URL", app.url());
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void inAPipeEveryCommandPrintsItsResultWithoutColours() throws Exception {
        app.add("V1__documents.sql", "create table documents (id int)")
                .add("V1__documents.undo.sql", "drop table documents")
                .add("V1__documents.verify.sql", "select 'tables', 'documents', to_regclass('documents') is not null")
                .add("V2__notes.sql", "create table notes (id int)")
                .add("V2__notes.undo.sql", "drop table notes");

        Run status = piped(3, "status");
        assertThat(status.out())
                .contains("1        documents    schema  pending", "The schema is not current: 2 pending.");
        assertThat(status.err()).isEmpty();
        assertThat(piped(3, "validate").out()).contains("pending: V1__documents.sql");
        Run migrate = piped(0, "migrate", "--target", "1");
        assertThat(migrate.out()).contains("applied V1__documents.sql\n", ": 1 migration applied; version 1 (");
        assertThat(migrate.err()).contains("INFO ").doesNotContain("SLF4J");
        assertThat(piped(0, "migrate", "--quiet").err()).isEmpty();
        assertThat(piped(0, "status").out()).contains("The schema is current: 2 applied.");
        assertThat(piped(0, "validate").out()).contains("tables    documents  passed  V1__documents.sql", "Valid: ");
        assertThat(piped(0, "history").out()).contains("1     1        documents    schema  applied  yes");
        assertThat(piped(0, "undo").out()).contains("undone V2__notes.sql", "; version 1 (");
        assertThat(piped(0, "repair", "--dry-run").out()).contains("needs no repair");
        assertThat(piped(0, "unlock").out()).contains("no session was migrating");
        assertThat(piped(0, "reset", "--yes").out()).contains("documents", "dropped.");
        assertThat(piped(0, "baseline", "1").out()).isEqualTo("Baseline at version 1.\n");
        assertThat(app.history()).containsExactly("baseline baseline");
        assertThat(piped(0, "new", "next").out()).endsWith("V3__next.sql\n");
        assertThat(piped(0, "version").out()).matches("gangway [0-9].* \\(pgjdbc .*, Java .*\\)\n");
    }

    @Test
    void onATerminalEveryCommandPrintsItsResultInColours() throws Exception {
        app.add("V1__documents.sql", "create table documents (id int)")
                .add("V1__documents.undo.sql", "drop table documents")
                .add("V1__documents.verify.sql", "select 'tables', 'documents', to_regclass('documents') is not null");

        assertThat(onTerminal(3, "status")).contains(ESCAPE + "33mpending" + ESCAPE);
        assertThat(onTerminal(3, "validate")).contains(ESCAPE + "33mpending:");
        assertThat(onTerminal(0, "migrate")).contains(ESCAPE + "32mapplied" + ESCAPE, "INFO ");
        assertThat(onTerminal(0, "status", "--color=never")).contains("applied").doesNotContain(ESCAPE);
        assertThat(onTerminal(0, "history")).contains(ESCAPE + "32mapplied");
        assertThat(onTerminal(0, "validate")).contains(ESCAPE + "32mpassed");
        assertThat(onTerminal(0, "undo")).contains(ESCAPE + "33mundone");
        assertThat(onTerminal(0, "repair")).contains("needs no repair");
        assertThat(onTerminal(0, "unlock")).contains("no session was migrating");
        assertThat(onTerminal(0, "baseline", "1")).contains("Baseline at version 1.");
        assertThat(onTerminal(2, "reset")).contains(ESCAPE + "31mgangway:" + ESCAPE, "Add --yes");
        assertThat(onTerminal(0, "reset", "--yes")).contains(ESCAPE + "33mdropped");
        assertThat(onTerminal(0, "new", "next")).contains("V2__next.sql");
        assertThat(onTerminal(0, "version")).contains("gangway ");
        assertThat(onTerminal(0, "help", "status")).contains(ESCAPE + "1mgangway status");
    }

    @Test
    void jsonIsOneDocumentAlsoWhereTheLogIsLoud() {
        app.add("V1__documents.sql", "create table documents (id int)");

        for (String command : List.of("status", "migrate", "history", "validate", "repair", "version")) {
            Run run = gangway.run(command, "--json", "--verbose");
            assertThat(JsonParser.parseString(run.out()).isJsonObject())
                    .as(run.all())
                    .isTrue();
        }
    }

    @Test
    void aPlanIsSqlWithCommentsAndEndsWith0() throws Exception {
        app.add("V1__documents.sql", "create table documents (id int)");

        assertThat(piped(0, "plan").out())
                .contains("-- V1__documents.sql, version 1\n", "create table documents (id int);");
        assertThat(onTerminal(0, "plan")).contains(ESCAPE + "1m-- V1__documents.sql");
        assertThat(JsonParser.parseString(piped(0, "plan", "--json").out()).isJsonObject())
                .isTrue();
        assertThat(app.has("documents")).isFalse();
    }

    @Test
    void aBackupIsRestored() throws Exception {
        app.add("V1__documents.sql", "create table documents (id int)");
        piped(0, "migrate");

        Path backup = Path.of(piped(0, "backup", ".").out().strip());
        app.execute("drop table documents");
        assertThat(piped(0, "restore", backup.toString(), "--yes").out()).isEqualTo("Restored from " + backup + ".\n");
        assertThat(app.has("documents")).isTrue();
        assertThat(onTerminal(0, "restore", onTerminal(0, "backup", "--quiet").strip(), "--yes"))
                .contains("Restored from ");
    }

    @Test
    void aPasswordIsTypedOnATerminalAndNotShown() throws Exception {
        String role = app.database().createRole("s3cret");
        gangway.with("GANGWAY_URL", app.url().replaceFirst("user=[^&]*&?", "").replaceFirst("password=[^&]*&?", ""));

        Run right = gangway.answerOnTerminal("s3cret", "history", "--user", role, "--password");
        assertThat(right.out()).contains("Password: ", "has no history yet").doesNotContain("s3cret");
        assertThat(right.exit()).isZero();

        Files.writeString(Path.of(app.file("password")), "wr0ng\n");
        Run wrong = gangway.run("history", "--user", role, "--password-file", app.file("password"));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err())
                .contains("password authentication failed for user \"" + role + "\"", "next: ")
                .doesNotContain("wr0ng", "\tat ");
    }

    @Test
    void whatIsWrongIsOneMessageAndAnExitCode() {
        app.add("V1__documents.sql", "create table documents (id int)");
        String url = app.url();

        assertThat(failed(2, "statsu")).contains("Did you mean: gangway status");
        assertThat(failed(2, "status", "--url", "jdbc:gangway:postgres://a/b"))
                .contains("GW004", "jdbc:gangway:postgresql://");
        assertThat(failed(2, "status", "-P", "gangway.lokations=x"))
                .contains("GW004", "Did you mean gangway.locations?");
        assertThat(failed(1, "status", "--url", url.replace("127.0.0.1", "no-such-host.invalid")))
                .contains("The host no-such-host.invalid is not known.");
        assertThat(failed(1, "status", "--url", url.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:1")))
                .contains("Connection to 127.0.0.1:1 refused");
        assertThat(failed(2, "migrate", "--target", "abc")).contains("GW004", "abc");
        assertThat(failed(2, "migrate", "--only", "99")).contains("GW004", "99");
        assertThat(failed(2, "undo", "--to", "99")).contains("GW004", "99");
        app.add("V1__documents.sql", "create tabel documents (id int)");
        assertThat(failed(1, "migrate", "--quiet"))
                .startsWith("gangway: GW001 ")
                .contains("V1__documents.sql:1:8");
        assertThat(gangway.run("migrate", "--debug").err()).contains("\tat ");
    }

    @Test
    void theThinJarSaysWhichJarToUse() {
        Run run = gangway.java(
                List.of("-jar", CommandLineJar.jar("T\\.jar|\\d\\.jar").toString(), "status"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("-all.jar").doesNotContain("\tat ");
    }

    @Test
    void asADriverTheJarBringsNothingThatAnApplicationMayHaveItself() throws IOException {
        try (JarFile jar = new JarFile(CommandLineJar.jar("-all\\.jar").toFile())) {
            Stream<String> classes = jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class"));
            assertThat(classes)
                    .allMatch(name -> name.matches(
                                    "(META-INF/versions/[0-9]+/)?(dev/gangway|org/postgresql|com/pgvector|com/ongres|org/slf4j|waffle)/.*")
                            && !name.startsWith("org/slf4j/simple/"));
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .doesNotContain("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
                    .contains("META-INF/services/java.sql.Driver");
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isNotBlank();
        }
    }

    private Run piped(int exit, String... args) {
        Run run = gangway.run(args);
        assertThat(run.exit()).as("%s: %s", List.of(args), run.all()).isEqualTo(exit);
        assertThat(run.all()).doesNotContain("\u001b", "\r");
        return run;
    }

    private String onTerminal(int exit, String... args) {
        Run run = gangway.runOnTerminal(args);
        assertThat(run.exit()).as("%s: %s", List.of(args), run.all()).isEqualTo(exit);
        return run.out();
    }

    private String failed(int exit, String... args) {
        Run run = gangway.run(args);
        assertThat(run.exit()).as("%s: %s", List.of(args), run.all()).isEqualTo(exit);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("gangway: ").doesNotContain("\tat ");
        return run.err();
    }
}
