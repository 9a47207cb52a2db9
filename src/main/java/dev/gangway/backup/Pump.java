package dev.gangway.backup;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Carries a script from the program that writes it to the one that runs it. A thread of its own, so that the one which
 * waits for both can be interrupted.
 */
final class Pump extends Thread {
    private static final int TRANSACTION_TIMEOUT_SINCE = 17;
    private static final String TRANSACTION_TIMEOUT = "SET transaction_timeout = 0;\n";

    /** The last of the settings at the beginning of a script; it comes within the first lines. */
    private static final String LAST_SETTING = "SET row_security = off;\n";

    private static final int FIRST_LINES = 60;

    private final Child source;
    private final Child sink;
    private final String before;
    private final int serverMajor;
    private volatile int sourceStatus;

    Pump(Child source, Child sink, String before, int serverMajor) {
        super("gangway-restore");
        setDaemon(true);
        this.source = source;
        this.sink = sink;
        this.before = before;
        this.serverMajor = serverMajor;
    }

    /** {@return the exit status of the program that writes; 0 also when it was not to blame for the end} */
    int sourceStatus() {
        return sourceStatus;
    }

    @Override
    public void run() {
        try (OutputStream out = sink.process().getOutputStream();
                InputStream in = new BufferedInputStream(source.process().getInputStream())) {
            source.process().getOutputStream().close();
            out.write(before.getBytes(StandardCharsets.US_ASCII));
            copySettings(in, out, serverMajor);
            in.transferTo(out);
            out.flush();
            int status = source.await();
            if (status != 0) {
                sourceStatus = status;
                // Before its input ends: the script is not complete.
                sink.kill();
            }
        } catch (IOException e) {
            // The program that reads has ended, and says why.
        } catch (InterruptedException e) {
            sink.kill();
        }
    }

    /**
     * Copies the settings at the beginning of a script. Those of pg_restore 17 and newer name a setting that older
     * servers do not know, whichever server the script is for.
     */
    static void copySettings(InputStream in, OutputStream out, int serverMajor) throws IOException {
        for (int i = 0; i < FIRST_LINES; i++) {
            byte[] line = line(in);
            String text = new String(line, StandardCharsets.ISO_8859_1);
            if (serverMajor >= TRANSACTION_TIMEOUT_SINCE || !text.equals(TRANSACTION_TIMEOUT)) {
                out.write(line);
            }
            if (line.length == 0 || text.equals(LAST_SETTING)) {
                return;
            }
        }
    }

    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }
}
