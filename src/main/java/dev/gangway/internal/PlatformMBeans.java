package dev.gangway.internal;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;

/** The JVM's own server of MBeans. Loaded by {@link JmxExport} on its own thread only. Stateless. */
final class PlatformMBeans {
    private static final int INSTANCES = 100;

    private PlatformMBeans() {}

    /**
     * Registers an MBean under the first of these names that is free: the given one, the same with {@code instance=2}, and
     * so on. A name is taken where another class loader, or another URL, leads to the same target; both are to be seen.
     *
     * @return the name
     */
    static String register(Object bean, String name) throws JMException {
        String wanted = name;
        for (int instance = 2; ; instance++) {
            try {
                ManagementFactory.getPlatformMBeanServer().registerMBean(bean, new ObjectName(wanted));
                return wanted;
            } catch (InstanceAlreadyExistsException e) {
                if (instance > INSTANCES) {
                    throw e;
                }
                wanted = name + ",instance=" + instance;
            }
        }
    }

    static void unregister(String name) throws JMException {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(name));
    }

    /** {@return the value as one of a name} */
    static String quoted(String value) {
        return ObjectName.quote(value);
    }
}
