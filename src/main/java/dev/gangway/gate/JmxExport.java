package dev.gangway.gate;

import dev.gangway.config.Setting;
import dev.gangway.config.SettingSource;
import dev.gangway.config.Settings;
import dev.gangway.pgjdbc.Target;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a gate's status known to JMX, on a thread of its own: the first use of JMX costs a fresh JVM tens of milliseconds,
 * for which no connection shall wait. Fails without consequences, as in a JVM without JMX; for that reason only {@link
 * PlatformMBeans} knows a class of it.
 *
 * <p>Thread-safe.
 */
final class JmxExport implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JmxExport.class);

    private final GateStatus status;
    private final Settings settings;
    private final Target target;

    private final ReentrantLock guard = new ReentrantLock();
    // All guarded.
    private @Nullable String registeredName;
    private boolean begun;
    private boolean closed;

    JmxExport(GateStatus status, Settings settings, Target target) {
        this.status = status;
        this.settings = settings;
        this.target = target;
    }

    /** Begins to register the status, unless that was done before; returns at once. */
    void begin() {
        guard.lock();
        try {
            if (begun || closed) {
                return;
            }
            begun = true;
        } finally {
            guard.unlock();
        }
        Thread thread = new Thread(this, "gangway-jmx " + target);
        thread.setDaemon(true);
        // The application's class loader is none of its business, and a thread would keep it from being unloaded.
        thread.setContextClassLoader(null);
        thread.start();
    }

    @Override
    public void run() {
        guard.lock();
        try {
            if (!closed) {
                registeredName = PlatformMBeans.register(status, name());
            }
        } catch (Exception | LinkageError e) {
            LOG.debug("{} - its status cannot be made known to JMX", target, e);
        } finally {
            guard.unlock();
        }
    }

    private String name() {
        StringBuilder name = new StringBuilder("dev.gangway:type=Gate,target=");
        name.append(PlatformMBeans.quoted(target.toString()));
        String schema = settings.schema();
        if (schema != null) {
            name.append(",schema=").append(PlatformMBeans.quoted(schema));
        }
        if (settings.source(Setting.HISTORY_TABLE) != SettingSource.DEFAULT) {
            name.append(",historyTable=").append(PlatformMBeans.quoted(settings.historyTable()));
        }
        return name.toString();
    }

    /** Takes the status back, so that nothing of this class loader stays behind; returns when that is done. */
    void close() {
        guard.lock();
        try {
            closed = true;
            if (registeredName != null) {
                PlatformMBeans.unregister(registeredName);
                registeredName = null;
            }
        } catch (Exception | LinkageError e) {
            LOG.debug("{} - its status cannot be taken back from JMX", target, e);
        } finally {
            guard.unlock();
        }
    }
}
