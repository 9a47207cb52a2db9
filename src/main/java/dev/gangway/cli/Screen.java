package dev.gangway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard error, shared by log lines and the progress bar: whoever writes a line first removes the bar, which draws itself
 * again a moment later below it. Thread-safe.
 */
final class Screen {
    private static final String ERASE = "\r\u001b[2K";

    private final OutputStream raw;
    private final PrintStream lines;
    private boolean barShown;

    Screen(OutputStream raw) {
        this.raw = raw;
        this.lines = new PrintStream(new Lines(), true, StandardCharsets.UTF_8);
    }

    /** {@return where lines are written} */
    PrintStream lines() {
        return lines;
    }

    /** Shows the bar in place of what it was. */
    synchronized void showBar(String bar) {
        send(ERASE + bar);
        barShown = true;
    }

    /** Removes the bar, if there is one. */
    synchronized void removeBar() {
        if (barShown) {
            barShown = false;
            send(ERASE);
        }
    }

    private void send(String text) {
        try {
            raw.write(text.getBytes(StandardCharsets.UTF_8));
            raw.flush();
        } catch (IOException closed) {
            // Nobody looks any more; the migration goes on.
            barShown = false;
        }
    }

    private final class Lines extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (Screen.this) {
                removeBar();
                raw.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            synchronized (Screen.this) {
                raw.flush();
            }
        }
    }
}
