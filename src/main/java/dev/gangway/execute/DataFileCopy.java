package dev.gangway.execute;

import dev.gangway.migration.Attachment;
import dev.gangway.migration.DataFiles;
import dev.gangway.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a data file as the rows of {@code COPY … FROM STDIN}, one buffer at a time, within the transaction that is open.
 *
 * <p>Not through pgjdbc's CopyManager: its errors do not tell a file that cannot be read, which is final, from a connection
 * that is lost, after which another attempt is due.
 */
final class DataFileCopy {
    private static final Logger LOG = LoggerFactory.getLogger(DataFileCopy.class);

    private static final int BUFFER = 64 << 10;

    private final Run run;
    private final Script script;
    private final SqlStatement statement;
    private final String name;
    private final DataFiles files;
    private final ByteCount progress;

    DataFileCopy(Run run, Script script, SqlStatement statement, String name, ByteCount progress) {
        this.run = run;
        this.script = script;
        this.statement = statement;
        this.name = name;
        this.files = script.migration().files();
        this.progress = progress;
    }

    /** Loads the whole file or fails. */
    void send() throws StepException {
        try (Attachment file = files.open(name)) {
            CopyIn copy = run.work().unwrap(PGConnection.class).getCopyAPI().copyIn(statement.text());
            try {
                send(file, copy);
                long rows = copy.endCopy();
                LOG.info(
                        "{} - {}: {} rows loaded from {}",
                        run.target(),
                        script.migration().script(),
                        rows,
                        name);
            } catch (SQLException | IOException e) {
                cancel(copy, e);
                throw e;
            }
        } catch (SQLException e) {
            throw StepException.alone(script, statement, e);
        } catch (IOException e) {
            throw StepException.alone(
                    script, statement, new SQLException("the data file cannot be read: " + e.getMessage(), e));
        }
    }

    private void send(Attachment file, CopyIn copy) throws IOException, SQLException {
        InputStream content = file.content();
        MessageDigest sha256 = DataFiles.newDigest();
        EndMarker marker = marker(copy);
        byte[] buffer = new byte[BUFFER];
        long sent = 0;
        for (int read = content.readNBytes(buffer, 0, BUFFER); read > 0; read = content.readNBytes(buffer, 0, BUFFER)) {
            sha256.update(buffer, 0, read);
            int from = sent == 0 && startsWithByteOrderMark(buffer, read) ? 3 : 0;
            if (marker != null && marker.cutsOff(buffer, from, read - from)) {
                throw new SQLException(
                        ("line %d of the data file %s ends the data for the server (\\.), and what follows it would not be"
                                        + " loaded; remove that line, or write the backslash of a value as %s")
                                .formatted(
                                        marker.line(), name, EndMarker.isCsv(statement.text()) ? "\"\\.\"" : "\\\\"));
            }
            copy.writeToCopy(buffer, from, read - from);
            sent += read;
            progress.sent(sent, file.size());
        }
        if (files.hasChanged(name, sha256.digest())) {
            throw new SQLException(
                    "the data file was changed after its checksum had been taken, when this process read the"
                            + " migrations");
        }
    }

    /** {@return what finds the end of the data within the file; null when nothing in it is taken for that} */
    private @Nullable EndMarker marker(CopyIn copy) throws SQLException {
        boolean binary = copy.getFormat() != 0;
        boolean value = EndMarker.isCsv(statement.text())
                && run.work().getMetaData().getDatabaseMajorVersion() >= EndMarker.CSV_WITHOUT_MARKER;
        return binary || value ? null : EndMarker.in(statement.text());
    }

    /** Spreadsheets write one in front of their CSV, where it would become part of the first value. */
    private static boolean startsWithByteOrderMark(byte[] buffer, int length) {
        return length >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF;
    }

    /** Without this the connection would wait for the rest of the data. */
    private static void cancel(CopyIn copy, Exception because) {
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException e) {
                because.addSuppressed(e);
            }
        }
    }
}
