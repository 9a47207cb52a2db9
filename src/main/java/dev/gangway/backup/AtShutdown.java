package dev.gangway.backup;

/** Something to tidy up if the JVM shuts down before it is closed. */
final class AtShutdown implements AutoCloseable {
    private final Thread hook;

    private AtShutdown(Thread hook) {
        this.hook = hook;
    }

    /** Runs the action at shutdown, unless what is returned was closed before; at once if it has begun. */
    static AtShutdown run(Runnable action) {
        Thread hook = new Thread(action, "gangway-shutdown");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            action.run();
        }
        return new AtShutdown(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running.
        }
    }
}
