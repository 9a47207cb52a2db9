package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Psql;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.Torture;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A script means to Gangway what it means to psql: the same statements, and so the same rows, errors and schema. What Gangway
 * refuses because it never ends, the server refuses as well.
 *
 * <p>Scripts come in batches, because a process of psql is dear.
 */
class LikePsqlIT {
    private static final String TABLE = "create table t (a int, b text)";

    private static LocalPostgres server;

    @BeforeContainer
    static void start() {
        server = LocalPostgres.start();
    }

    @AfterContainer
    static void stop() {
        server.close();
    }

    @Property(tries = 5, shrinking = ShrinkingMode.BOUNDED)
    void wholeScriptsDoTheSame(@ForAll("whole") List<String> scripts) throws Exception {
        compare(scripts);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.BOUNDED)
    void brokenScriptsAreBrokenInTheSameWay(@ForAll("broken") List<String> scripts) throws Exception {
        compare(scripts);
    }

    @Example
    void aBeginOutsideOfABodyIsNotCompared() throws Exception {
        compare(List.of("select 1;create function f() returns' int'a'anguage plpgsql as 'begin return 1; end';'"));
    }

    @Provide
    Arbitrary<List<String>> whole() {
        return batches(ScriptText.whole());
    }

    @Provide
    Arbitrary<List<String>> broken() {
        return batches(ScriptText.broken());
    }

    private static Arbitrary<List<String>> batches(Arbitrary<String> scripts) {
        int most = Torture.full() ? 2000 : 150;
        return scripts.list().ofMaxSize(most).withSizeDistribution(RandomDistribution.uniform());
    }

    static void compare(List<String> texts) throws Exception {
        Map<Path, String> scripts = new LinkedHashMap<>();
        Map<Path, String> unterminated = new LinkedHashMap<>();
        Path folder = Files.createTempDirectory("scripts");
        for (String text : texts) {
            Path file = folder.resolve("s" + (scripts.size() + unterminated.size()) + ".sql");
            Files.writeString(file, text);
            List<SqlStatement> statements = split(text);
            if (statements != null && statements.stream().noneMatch(LikePsqlIT::isOtherToPsql)) {
                scripts.put(file, text);
            } else if (statements == null && isUnterminated(text)) {
                unterminated.put(file, text);
            }
            // Else a backslash outside of literals begins a command of psql's, which is not to be tried out.
        }
        compareRuns(folder, scripts);
        Psql.Output psql = psql(database(), folder, unterminated);
        unterminated.forEach((file, text) -> assertThat(errorsIn(psql.messages(), file))
                .as("script: %s", escaped(text))
                .isNotEmpty());
    }

    /**
     * psql takes each BEGIN in a CREATE FUNCTION for that of a body and looks for its END; here, as on the server, only BEGIN
     * ATOMIC is one. In scripts that the server accepts, the two differ in {@code RETURN begin;} only.
     */
    private static boolean isOtherToPsql(SqlStatement statement) {
        List<String> words = statement.words(Integer.MAX_VALUE);
        for (int i = 1; i < words.size(); i++) {
            boolean atomic = i + 1 < words.size() && words.get(i + 1).equals("ATOMIC");
            if (words.get(0).equals("CREATE") && words.get(i).equals("BEGIN") && !atomic) {
                return true;
            }
        }
        return false;
    }

    private static void compareRuns(Path folder, Map<Path, String> scripts) throws Exception {
        String theirs = database();
        String ours = database();
        Psql.Output psql = psql(theirs, folder, scripts);
        String[] rows = psql.rows().split("<<end>>\n", -1);
        int index = 0;
        try (Connection connection = Sql.connect(server.url(ours))) {
            for (Map.Entry<Path, String> script : scripts.entrySet()) {
                Outcome outcome = run(connection, Objects.requireNonNull(split(script.getValue())));
                String description = "script: " + escaped(script.getValue());
                assertThat(outcome.errors()).as(description).isEqualTo(errorsIn(psql.messages(), script.getKey()));
                assertThat(outcome.rows().toString()).as(description).isEqualTo(rows[index++]);
            }
        }
        assertThat(PgDump.of(server, ours)).isEqualTo(PgDump.of(server, theirs));
    }

    private static String database() throws SQLException {
        String name = server.createDatabase("like");
        server.address().execute(name, TABLE);
        return name;
    }

    private static Psql.Output psql(String database, Path folder, Map<Path, String> scripts) {
        List<String> between = List.of("-c", "\\echo <<end>>", "-c", "rollback", "-c", "discard all");
        return Psql.run(server, database, folder, List.copyOf(scripts.keySet()), between);
    }

    private record Outcome(StringBuilder rows, List<String> errors) {}

    private static Outcome run(Connection connection, List<SqlStatement> statements) throws SQLException, IOException {
        Outcome outcome = new Outcome(new StringBuilder(), new ArrayList<>());
        for (SqlStatement statement : statements) {
            String data = statement.copyData();
            try {
                if (data != null) {
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement.text(), new StringReader(data));
                } else {
                    Reply reply = Message.send(connection, statement.text() + ";");
                    for (int i = 0; i < reply.completed(); i++) {
                        reply.rows(i).forEach(row -> outcome.rows().append(line(row)));
                    }
                    reply.orThrow();
                }
            } catch (SQLException e) {
                outcome.errors().add(error(e.getMessage().split("\n")[0].replace("ERROR: ", "")));
            }
        }
        Message.send(connection, "rollback");
        Message.send(connection, "discard all");
        return outcome;
    }

    private static String line(Row row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String value = row.text(i);
            line.append(i == 0 ? "" : "|").append(value == null ? "" : value);
        }
        // psql prints nothing at all for a row without columns.
        return row.size() == 0 ? "" : line.append('\n').toString();
    }

    private static List<String> errorsIn(String messages, Path file) {
        List<String> errors = new ArrayList<>();
        for (String line : messages.split("\n")) {
            int error = line.indexOf(": ERROR:  ");
            if (error >= 0 && line.startsWith("psql:" + file + ":")) {
                errors.add(
                        error(line.substring(error + ": ERROR:  ".length()).replaceFirst(" at character [0-9]+$", "")));
            }
        }
        return errors;
    }

    private static String escaped(String text) {
        return text.codePoints()
                .mapToObj(c -> c >= ' ' && c < 127 ? Character.toString(c) : "<%x>".formatted(c))
                .collect(Collectors.joining());
    }

    /** The end of a statement is a ; or the end of the text. */
    private static String error(String message) {
        return message.replace("at or near \";\"", "at end of input");
    }

    private static @Nullable List<SqlStatement> split(String text) {
        try {
            return SqlScript.parse(SourceText.of("f", text)).statements();
        } catch (SqlSyntaxException e) {
            return null;
        }
    }

    private static boolean isUnterminated(String text) {
        try {
            SqlScript.parse(SourceText.of("f", text));
            return false;
        } catch (SqlSyntaxException e) {
            return e.problem().contains(" begins here ") || e.problem().contains(" opens here ");
        }
    }
}
