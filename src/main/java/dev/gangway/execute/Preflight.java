package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.ServerFacts;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import dev.gangway.sql.ExtensionUse;
import dev.gangway.sql.SqlStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds out before the first migration runs whether the extensions that the scripts create can be had. Costs nothing when
 * no script creates one.
 *
 * <p>Whether a role may create an extension is not to be read from the catalogs: providers allow it to roles of their own
 * through hooks. So it is tried, in a transaction that is rolled back.
 */
final class Preflight {
    private final Connection work;
    private final Target target;
    private final ServerFacts facts;

    Preflight(Connection work, Target target, ServerFacts facts) {
        this.work = work;
        this.target = target;
        this.facts = facts;
    }

    void check(List<Script> scripts) throws SQLException {
        Map<String, SqlStatement> wanted = new LinkedHashMap<>();
        Map<String, String> searchPaths = new LinkedHashMap<>();
        for (Script script : scripts) {
            for (SqlStatement statement : script.statements()) {
                ExtensionUse use = statement.extensionUse().orElse(null);
                if (use instanceof ExtensionUse.Create && wanted.putIfAbsent(use.name(), statement) == null) {
                    String path = script.searchPath();
                    searchPaths.put(use.name(), path == null ? "" : path);
                }
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        String names = wanted.keySet().stream().map(Quote::literal).collect(Collectors.joining(", "));
        Reply reply = Message.send(
                        work,
                        "SELECT a.name, a.installed_version IS NOT NULL FROM pg_catalog.pg_available_extensions a"
                                + " WHERE a.name OPERATOR(pg_catalog.=) ANY (ARRAY[" + names + "]::pg_catalog.name[]);"
                                + " SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname"
                                + " OPERATOR(pg_catalog.=) current_user")
                .orThrow();
        Map<String, Boolean> installed =
                reply.rows(0).stream().collect(Collectors.toMap(row -> row.required(0), row -> row.bool(1)));
        boolean superuser = reply.rows(1).stream().anyMatch((Row row) -> row.bool(0));
        for (Map.Entry<String, SqlStatement> entry : wanted.entrySet()) {
            Boolean there = installed.get(entry.getKey());
            if (there == null) {
                throw notAvailable(entry.getKey(), entry.getValue());
            }
            if (!there && !superuser) {
                tryToCreate(entry.getKey(), entry.getValue(), searchPaths.getOrDefault(entry.getKey(), ""));
            }
        }
    }

    private void tryToCreate(String name, SqlStatement statement, String searchPath) throws SQLException {
        String path = searchPath.isEmpty()
                ? ""
                : "SELECT pg_catalog.set_config('search_path', " + Quote.literal(searchPath) + ", true); ";
        Reply reply = Message.send(work, "BEGIN READ WRITE; " + path + statement.text() + "; ROLLBACK");
        SQLException error = reply.error();
        if (error == null) {
            return;
        }
        Message.send(work, "ROLLBACK").orThrow();
        if (SqlStates.connectionLost(error)) {
            throw error;
        }
        // Any other error may well be gone once the migrations before it have run; then it is not ours to judge.
        if (SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)) {
            throw notAllowed(name, statement, error);
        }
    }

    private GangwayException.Permanent notAvailable(String name, SqlStatement statement) {
        String how = name.equals("vector")
                ? "install pgvector on the server's machine, for example  apt-get install postgresql-NN-pgvector"
                        + "  with NN the server's major version, or use an image that has it (pgvector/pgvector)"
                : "install the package that brings the extension \"" + name + "\" on the server's machine";
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE, """
                The extension "%s" is not available on the server %s.
                  needed by: %s
                  database:  unchanged; nothing was applied
                  next:      %s""".formatted(name, target.hosts(), statement.position(), how));
    }

    private GangwayException.Permanent notAllowed(String name, SqlStatement statement, SQLException error) {
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not create the extension "%s".
                  needed by: %s
                  server:    %s
                  database:  unchanged; nothing was applied
                  next:      let an administrator run, in database "%s":  %s;
                             then connect again: the migration finds the extension there""".formatted(
                                facts.user(),
                                name,
                                statement.position(),
                                ServerError.describe(error).replace("\n", "\n             "),
                                facts.database(),
                                statement.text()),
                error);
    }
}
