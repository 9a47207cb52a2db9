package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs pg_restore as what turns a dump into SQL, and psql as what sends it. With a connection of its own pg_restore could
 * not empty the database in the same transaction.
 *
 * <p>{@code --single-transaction} makes pg_restore write a COMMIT as its last statement, so a script that ends early
 * changes nothing. Our own BEGIN comes first; the one of pg_restore behind it is only warned of. Without that option the
 * script would commit in between, around large objects.
 */
record RestoreScript(ClientTool pgRestore, Path file, Target target) {

    /** {@return what the dump holds} */
    DumpContents contents() throws SQLException {
        try (Child list =
                start(new ProcessBuilder(pgRestore.path().toString(), "--list", file.toString()), Map.of(), null)) {
            list.process().getOutputStream().close();
            List<String> lines =
                    list.process().inputReader(StandardCharsets.UTF_8).lines().toList();
            int status = list.await();
            if (status != 0) {
                throw unreadable(status, list);
            }
            return DumpContents.parse(lines);
        } catch (IOException | UncheckedIOException e) {
            throw Failures.unusable("Cannot read what " + pgRestore.path() + " says: " + e, e);
        } catch (InterruptedException e) {
            throw Failures.interrupted(pgRestore.path(), e);
        }
    }

    /**
     * Empties the database and puts the dump in.
     *
     * @param entries     lines of the dump's list
     * @param serverMajor the server's major version
     */
    void run(Map<String, String> connection, List<String> entries, int serverMajor) throws SQLException {
        @Nullable Path list = null;
        try {
            list = Files.createTempFile("gangway-restore", ".list", PartFile.ownerOnly());
            Files.write(list, entries);
            run(connection, list, serverMajor);
        } catch (IOException e) {
            throw Failures.unusable("%s: cannot write a temporary file: %s".formatted(target, e), e);
        } finally {
            delete(list);
        }
    }

    private void run(Map<String, String> connection, Path list, int serverMajor) throws SQLException {
        ProcessBuilder source = new ProcessBuilder(
                pgRestore.path().toString(),
                "--exit-on-error",
                "--single-transaction",
                "--use-list=" + list,
                "--file=-",
                file.toString());
        ProcessBuilder sink = new ProcessBuilder(
                        pgRestore.sibling("psql").toString(),
                        "--no-psqlrc",
                        "--no-password",
                        "--quiet",
                        "--set=ON_ERROR_STOP=1",
                        "--file=-")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = new HashMap<>(connection);
        environment.put("PGAPPNAME", Restore.APPLICATION_NAME);
        try (Child psql = start(sink, environment, list);
                Child restore = start(source, Map.of(), list)) {
            Pump pump = new Pump(restore, psql, CleanSlate.BEGIN + CleanSlate.DROP, serverMajor);
            pump.start();
            int status = psql.await();
            pump.join();
            if (pump.sourceStatus() != 0) {
                throw unreadable(pump.sourceStatus(), restore);
            }
            if (status != 0) {
                throw refused(status, psql);
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(pgRestore.sibling("psql"), e);
        }
    }

    /** Debian's wrapper looks for a local cluster, and takes its version, unless there is a host. */
    private static Child start(ProcessBuilder builder, Map<String, String> environment, @Nullable Path list)
            throws SQLException {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("PGHOST", "localhost");
        return Child.start(builder, all, () -> delete(list));
    }

    private SQLException unreadable(int status, Child restore) {
        return new GangwayException.Permanent(
                Code.SETTING_WRONG,
                "%s: not restored, pg_restore cannot read the dump (status %d)".formatted(target, status)
                        + Failures.details(
                                "pg_restore",
                                file + "\n" + restore.complaint(),
                                "as before",
                                "the file is damaged or incomplete: take another backup"));
    }

    private SQLException refused(int status, Child psql) {
        return new GangwayException.Permanent(
                Code.MIGRATION_FAILED,
                "%s: not restored, psql ended with status %d".formatted(target, status)
                        + Failures.details(
                                "psql",
                                psql.complaint(),
                                "as before (if the connection broke during the last COMMIT, look whether it is restored)",
                                "correct what it says, and restore again; lines count in the SQL that pg_restore makes of"
                                        + " the dump"));
    }

    private static void delete(@Nullable Path list) {
        try {
            if (list != null) {
                Files.deleteIfExists(list);
            }
        } catch (IOException e) {
            // It holds names only, and the system tidies its temporary files.
        }
    }
}
