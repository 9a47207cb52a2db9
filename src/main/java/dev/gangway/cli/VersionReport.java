package dev.gangway.cli;

import dev.gangway.internal.Build;
import java.sql.Driver;
import java.util.ServiceLoader;

/**
 * What {@code version} tells.
 *
 * @param gangway its version
 * @param pgjdbc  that of the PostgreSQL driver
 * @param java    that of the runtime
 */
record VersionReport(String gangway, String pgjdbc, String java) {

    static VersionReport ofThisProcess() {
        return new VersionReport(Build.VERSION, pgjdbcVersion(), System.getProperty("java.version", "unknown"));
    }

    /** Found as a service: this package does not know pgjdbc. */
    private static String pgjdbcVersion() {
        for (Driver driver : ServiceLoader.load(Driver.class)) {
            if (driver.getClass().getName().equals("org.postgresql.Driver")) {
                return driver.getMajorVersion() + "." + driver.getMinorVersion();
            }
        }
        return "none";
    }

    String text() {
        return "gangway " + gangway + " (pgjdbc " + pgjdbc + ", Java " + java + ")";
    }
}
