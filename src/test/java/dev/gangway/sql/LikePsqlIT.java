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
import net.jqwik.api.Arbitrary;
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

    @Property(tries = 8, shrinking = ShrinkingMode.BOUNDED)
    void wholeScriptsDoTheSame(@ForAll("whole") List<String> scripts) throws Exception {
        compare(scripts);
    }

    @Property(tries = 10, shrinking = ShrinkingMode.BOUNDED)
    void brokenScriptsAreBrokenInTheSameWay(@ForAll("broken") List<String> scripts) throws Exception {
        compare(scripts);
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
        Path folder = Files.createTempDirectory("scripts");
        Map<Path, String> files = new LinkedHashMap<>();
        List<List<SqlStatement>> split = new ArrayList<>();
        for (String text : texts) {
            List<SqlStatement> statements = split(text);
            // A backslash outside of literals begins a command of psql's, which is not to be tried out.
            if (statements != null || isUnterminated(text)) {
                Path file = folder.resolve("s" + files.size() + ".sql");
                Files.writeString(file, text);
                files.put(file, text);
                split.add(statements == null ? List.of() : statements);
            }
        }
        String theirs = server.createDatabase("like");
        String ours = server.createDatabase("like");
        server.address().execute(theirs, TABLE);
        server.address().execute(ours, TABLE);
        Psql.Output psql = Psql.run(
                server, theirs, folder, List.copyOf(files.keySet()), List.of("-c", "\\echo <<end>>", "-c", "rollback", "-c", "discard all"));
        String[] rows = psql.rows().split("<<end>>\n", -1);
        int index = 0;
        try (Connection connection = Sql.connect(server.url(ours))) {
            for (Map.Entry<Path, String> file : files.entrySet()) {
                List<String> errors = errorsIn(psql.messages(), file.getKey());
                String description = "script: %s".formatted(file.getValue());
                if (split.get(index).isEmpty() && isUnterminated(file.getValue())) {
                    assertThat(errors).as(description).isNotEmpty();
                } else {
                    Outcome outcome = run(connection, split.get(index));
                    assertThat(outcome.errors()).as(description).isEqualTo(errors);
                    assertThat(outcome.rows().toString()).as(description).isEqualTo(rows[index]);
                }
                index++;
            }
        }
        assertThat(PgDump.of(server, ours).replace(ours, "database"))
                .isEqualTo(PgDump.of(server, theirs).replace(theirs, "database"));
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
                    Reply reply = Message.send(connection, statement.text());
                    for (int i = 0; i < reply.completed(); i++) {
                        reply.rows(i).forEach(row -> outcome.rows().append(line(row)).append('\n'));
                    }
                    reply.orThrow();
                }
            } catch (SQLException e) {
                outcome.errors().add(e.getMessage().lines().findFirst().orElse("").replace("ERROR: ", ""));
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
        return line.toString();
    }

    private static List<String> errorsIn(String messages, Path file) {
        List<String> errors = new ArrayList<>();
        for (String line : messages.split("\n")) {
            int error = line.indexOf(": ERROR:  ");
            if (error >= 0 && line.startsWith("psql:" + file + ":")) {
                errors.add(line.substring(error + ": ERROR:  ".length()).replaceFirst(" at character [0-9]+$", ""));
            }
        }
        return errors;
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
