package dev.gangway.execute;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log, now and then, how far a long data file has been sent. Not thread-safe. */
final class CopyProgress implements ByteCount {
    private static final Logger LOG = LoggerFactory.getLogger(CopyProgress.class);

    private static final long REPORT = Duration.ofSeconds(10).toNanos();
    private static final long MEGABYTE = 1L << 20;

    private final Run run;
    private final Script script;
    private final String file;
    private long lastReport = System.nanoTime();

    CopyProgress(Run run, Script script, String file) {
        this.run = run;
        this.script = script;
        this.file = file;
    }

    @Override
    public void sent(long bytes, long total) {
        long now = System.nanoTime();
        if (now - lastReport >= REPORT) {
            lastReport = now;
            LOG.info(
                    "{} - {}: {} MB{} of {} sent",
                    run.target(),
                    script.migration().script(),
                    bytes / MEGABYTE,
                    total < 0 ? "" : " of " + total / MEGABYTE + " MB",
                    file);
        }
    }
}
