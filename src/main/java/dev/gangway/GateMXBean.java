package dev.gangway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one target of this process stands, for JMX. Its name is
 *
 * <pre>dev.gangway:type=Gate,target="user@host:port/database"</pre>
 *
 * with {@code schema} and {@code historyTable} behind it where {@code gangway.schema} and {@code gangway.historyTable} are
 * set, and {@code instance=2} where the process has a second one of that name: the same target under another URL, or in
 * another class loader. Registered soon after the first connection was asked for, and removed by
 * {@link GangwayDriver#deregister()}.
 *
 * <p>All attributes say what this process knows; none asks the database.
 */
public interface GateMXBean {

    /** What a gate does. */
    enum State {
        /** It finds out whether anything is pending. */
        CHECKING,
        /** Nothing is pending; connections pass. */
        CURRENT,
        /** This process applies what is pending. */
        MIGRATING,
        /** Another process does, and this one waits for it. */
        WAITING,
        /** The last attempt to get ready has failed; the next connection makes another. */
        FAILED
    }

    State getState();

    /** {@return the highest version that is applied, as far as this process knows; null when it knows of none} */
    @Nullable
    String getSchemaVersion();

    /** {@return how many migrations are still to be applied before connections pass} */
    int getPendingCount();

    /** {@return the scripts whose condition did not hold when it was asked last, and those that require one of them} */
    List<String> getDeferred();

    /** {@return how many scripts {@link #getDeferred()} names} */
    int getDeferredCount();

    /** {@return why the last attempt failed; null once one has succeeded} */
    @Nullable
    String getLastError();

    /** {@return how many migrations this process has applied to this target} */
    long getMigrationsApplied();

    /** {@return how long this process took to apply what was pending the last time; 0 when it never did} */
    long getLastMigrationMillis();

    /** {@return how long the last question to the database took, whether the schema is current} */
    long getLastCheckMillis();

    /** {@return the script that runs in the background just now; null for none} */
    @Nullable
    String getBackgroundRunning();

    /** {@return which version of Gangway this is} */
    String getGangwayVersion();
}
