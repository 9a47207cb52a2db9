package dev.gangway.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an MBean of one target known to JMX, on a thread of its own: the first use of JMX costs a fresh JVM tens of milliseconds,
 * for which no connection shall wait. Fails without consequences, as in a JVM without JMX; for that reason only {@link
 * PlatformMBeans} knows a class of it.
 *
 * <p>Thread-safe.
 */
public final class JmxExport implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JmxExport.class);

    private final Object bean;
    private final String type;
    private final String target;
    private final Map<String, String> more;

    private final ReentrantLock guard = new ReentrantLock();
    // All guarded.
    private @Nullable String registeredName;
    private boolean begun;
    private boolean closed;

    /**
     * @param bean   whoever keeps it in JMX keeps all that it refers to
     * @param type   the key {@code type} of its name
     * @param target the key {@code target}, and what log lines begin with
     * @param more   what tells beans of one target apart: further keys in their order
     */
    public JmxExport(Object bean, String type, String target, Map<String, String> more) {
        this.bean = bean;
        this.type = type;
        this.target = target;
        this.more = new LinkedHashMap<>(more);
    }

    /** Begins to register the bean, unless that was done before; returns at once. */
    public void begin() {
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
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No more threads to be had, which is no reason for a connection or a search to fail.
            LOG.debug("{} - its MBean {} cannot be made known to JMX", target, type, e);
        }
    }

    @Override
    public void run() {
        guard.lock();
        try {
            if (!closed) {
                registeredName = PlatformMBeans.register(bean, name());
            }
        } catch (Exception | LinkageError e) {
            LOG.debug("{} - its MBean {} cannot be made known to JMX", target, type, e);
        } finally {
            guard.unlock();
        }
    }

    private String name() {
        StringBuilder name = new StringBuilder("dev.gangway:type=").append(type);
        name.append(",target=").append(PlatformMBeans.quoted(target));
        for (Map.Entry<String, String> key : more.entrySet()) {
            name.append(',').append(key.getKey()).append('=').append(PlatformMBeans.quoted(key.getValue()));
        }
        return name.toString();
    }

    /** Takes the bean back, so that nothing of this class loader stays behind; returns when that is done. */
    public void close() {
        guard.lock();
        try {
            closed = true;
            if (registeredName != null) {
                PlatformMBeans.unregister(registeredName);
                registeredName = null;
            }
        } catch (Exception | LinkageError e) {
            LOG.debug("{} - its MBean {} cannot be taken back from JMX", target, type, e);
        } finally {
            guard.unlock();
        }
    }
}
