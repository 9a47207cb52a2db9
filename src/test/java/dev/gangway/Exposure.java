package dev.gangway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.gangway.testkit.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Collects what this process lets be seen while everything is at its loudest: the log, pgjdbc's own with all
 * stack traces, and what is added to it. Thread-safe.
 */
final class Exposure implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final MBeanServer MBEANS = ManagementFactory.getPlatformMBeanServer();

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.gangway");
    private final @Nullable Level levelBefore = log.getLevel();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            add(event.getFormattedMessage() + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    };

    private final java.util.logging.Logger pgjdbc = java.util.logging.Logger.getLogger("org.postgresql");
    private final java.util.logging.@Nullable Level pgjdbcBefore = pgjdbc.getLevel();
    private final Handler handler = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            add(formatter.format(entry) + Arrays.toString(entry.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Exposure() {
        log.setLevel(Level.TRACE);
        appender.setContext(log.getLoggerContext());
        appender.start();
        log.addAppender(appender);
        handler.setLevel(java.util.logging.Level.ALL);
        pgjdbc.setLevel(java.util.logging.Level.FINEST);
        pgjdbc.addHandler(handler);
    }

    /** Begins to listen. */
    static Exposure begin() {
        return new Exposure();
    }

    void add(@Nullable String text) {
        seen.add(String.valueOf(text));
    }

    void add(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        add(trace.toString());
    }

    /** Adds names and attributes of all that JMX knows of Gangway, as soon as it knows any. */
    void addMBeans() throws JMException {
        Await.until("JMX knows the target", PATIENCE, () -> !names().isEmpty());
        for (ObjectName name : names()) {
            add(name.getCanonicalName());
            for (MBeanAttributeInfo attribute : MBEANS.getMBeanInfo(name).getAttributes()) {
                Object value = MBEANS.getAttribute(name, attribute.getName());
                add(attribute.getName() + "=" + (value instanceof Object[] many ? Arrays.toString(many) : value));
            }
        }
    }

    private static Set<ObjectName> names() throws JMException {
        return MBEANS.queryNames(new ObjectName("dev.gangway:*"), null);
    }

    /** {@return all of it so far} */
    String text() {
        return String.join("\n", seen);
    }

    @Override
    public void close() {
        log.detachAppender(appender);
        appender.stop();
        log.setLevel(levelBefore);
        pgjdbc.removeHandler(handler);
        pgjdbc.setLevel(pgjdbcBefore);
    }
}
