package dev.gangway.internal;

import org.jspecify.annotations.Nullable;

/**
 * Knows which threads are just now in code of the application's that we have called while a target is being migrated: a
 * listener, or a migration in Java. Such code that asked for a connection to the same target would wait for itself.
 *
 * <p>Thread-safe. Nothing is left on a thread behind the call.
 */
public final class ForeignCode implements AutoCloseable {
    private static final ThreadLocal<@Nullable ForeignCode> PRESENT = new ThreadLocal<>();

    private final String target;
    private final @Nullable ForeignCode outer;

    private ForeignCode(String target, @Nullable ForeignCode outer) {
        this.target = target;
        this.outer = outer;
    }

    /** Says that this thread calls such code now; closing the result, on the same thread, says that it has returned. */
    public static ForeignCode enter(String target) {
        ForeignCode entered = new ForeignCode(target, PRESENT.get());
        PRESENT.set(entered);
        return entered;
    }

    /** {@return whether this thread is in such code, called for that target} */
    public static boolean isRunningFor(String target) {
        for (ForeignCode each = PRESENT.get(); each != null; each = each.outer) {
            if (each.target.equals(target)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        if (outer == null) {
            PRESENT.remove();
        } else {
            PRESENT.set(outer);
        }
    }
}
