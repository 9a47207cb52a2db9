package dev.gangway.pgjdbc;

import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Where a URL leads: what the log lines and messages begin with, and part of what identifies a gate.
 *
 * @param hosts    comma-separated {@code host:port}, in the URL's order
 * @param database the database's name
 * @param user     the role that logs in
 */
public record Target(String hosts, String database, String user) {

    /** Reads the target from properties that pgjdbc has parsed out of a URL. */
    static Target of(Properties parsed) {
        String[] hosts = property(parsed, PGProperty.PG_HOST, "localhost").split(",");
        String[] ports = property(parsed, PGProperty.PG_PORT, "5432").split(",");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            text.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        String user = property(parsed, PGProperty.USER, System.getProperty("user.name", "?"));
        return new Target(text.toString(), property(parsed, PGProperty.PG_DBNAME, user), user);
    }

    /** {@return whether the URL names several hosts, of which only one may be the primary} */
    public boolean hasSeveralHosts() {
        return hosts.indexOf(',') >= 0;
    }

    private static String property(Properties parsed, PGProperty property, String otherwise) {
        String value = parsed.getProperty(property.getName());
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** {@return for example {@code app@db:5432/app}} */
    @Override
    public String toString() {
        return user + "@" + hosts + "/" + database;
    }
}
