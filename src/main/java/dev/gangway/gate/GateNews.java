package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.Precheck;
import dev.gangway.internal.JmxExport;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the world how a gate stands: its status for JMX, and what its listeners hear. As long as nothing is pending the one
 * costs a few assignments and the other nothing. Thread-safe.
 */
final class GateNews {
    private final String target;
    private final GateStatus status = new GateStatus();
    private final JmxExport jmx;
    /** Of the present flight, once there is something to tell. */
    private volatile @Nullable Events events;

    GateNews(Settings settings, Target target) {
        this.target = target.toString();
        this.jmx = new JmxExport(status, "Gate", this.target, settings.mbeanKeys());
    }

    /** A flight begins. */
    void checking() {
        events = null;
        status.checking();
    }

    /** The database was asked, from that {@link System#nanoTime()} on. */
    void checked(Files files, Precheck check, Plan plan, long asked) {
        status.checked(files, check.history(), plan, System.nanoTime() - asked);
    }

    /** From here on there is something to tell, and so listeners are looked for; {@return what tells them} */
    Events begin(@Nullable ClassLoader loader) {
        Events begun = beside(loader);
        events = begun;
        jmx.begin();
        return begun;
    }

    /** {@return what tells listeners of something that is no flight's} */
    Events beside(@Nullable ClassLoader loader) {
        return Events.of(target, List.of(status), loader);
    }

    /** The flight has reached its end, and connections pass. */
    void current() {
        events = null;
        status.current();
        jmx.begin();
    }

    /**
     * The flight has ended otherwise. A connection that could not be had is its caller's own failure, of which listeners
     * hear nothing unless migrating had begun.
     *
     * @param why null when nobody waited for the end
     */
    void failed(@Nullable Throwable why) {
        Events begun = events;
        events = null;
        if (why == null) {
            status.checking();
            return;
        }
        String message = String.valueOf(why.getMessage());
        if (begun == null && why instanceof GangwayException) {
            begun = beside(Thread.currentThread().getContextClassLoader());
            jmx.begin();
        }
        if (begun == null) {
            status.refused(message);
        } else {
            begun.failed(message);
        }
    }

    /** Takes back what was made known of this gate. */
    void close() {
        jmx.close();
    }
}
