package dev.gangway.agent;

import java.sql.DriverAction;

/** Ends what Gangway has begun for a pgjdbc that is deregistered. Public because the driver makes it by name. */
public final class ForgetTargets implements DriverAction {
    private final Class<?> pgjdbc;

    /** @param pgjdbc the class of the driver that is registered */
    public ForgetTargets(Class<?> pgjdbc) {
        this.pgjdbc = pgjdbc;
    }

    @Override
    public void deregister() {
        try {
            Gateway.of(pgjdbc).clear();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            // Whoever deregisters a driver has more to do than this.
            GangwayAgent.say("cannot end what it has begun for a pgjdbc that is deregistered (" + e + ")");
        }
    }
}
