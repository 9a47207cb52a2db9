package dev.gangway.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;

/** Tomcat itself, without a port: deploys and undeploys, and says what it finds left behind. */
final class Tomcat implements AutoCloseable {
    private final org.apache.catalina.startup.Tomcat tomcat = new org.apache.catalina.startup.Tomcat();
    private final ClassLoader parent;
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("org.apache.catalina");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** @param parent the class loader of what all applications share */
    Tomcat(Path home, ClassLoader parent) {
        this.parent = parent;
        logger.addHandler(handler);
        tomcat.setBaseDir(home.toString());
        try {
            Files.createDirectories(home.resolve("webapps"));
            tomcat.getHost();
            tomcat.getEngine().setParentClassLoader(parent);
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deploys an application; its class loader is gone once {@link #undeploy} has returned, if nobody holds it. */
    Context deploy(WebApplication application, Map<String, String> parameters) {
        StandardContext context = new StandardContext();
        context.setName("/shop");
        context.setPath("/shop");
        context.setDocBase(application.folder().toString());
        context.setParentClassLoader(parent);
        context.addLifecycleListener(new org.apache.catalina.startup.Tomcat.FixContextListener());
        parameters.forEach(context::addParameter);
        context.addApplicationListener(Shop.Lifecycle.class.getName());
        tomcat.getHost().addChild(context);
        return context;
    }

    /** Ends the application; {@return its class loader, weakly held} */
    WeakReference<ClassLoader> undeploy(Context context) {
        WeakReference<ClassLoader> loader =
                new WeakReference<>(context.getLoader().getClassLoader());
        tomcat.getHost().removeChild(context);
        return loader;
    }

    /** What Tomcat warned of: threads that run on, drivers that are registered, values on threads. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The applications that Tomcat itself finds in memory though they are undeployed. */
    List<String> leaks() {
        return List.of(((StandardHost) tomcat.getHost()).findReloadedContextMemoryLeaks());
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
        logger.removeHandler(handler);
    }
}
