package dev.gangway.pgjdbc;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Says in the words of libpq where a URL of pgjdbc leads (PostgreSQL's manual, "Environment Variables"). The
 * environment, because a command line can be read by everybody on the machine, and a file with a password would outlive
 * a killed process.
 */
final class LibpqEnvironment {

    /** Properties whose values libpq takes as they are. */
    private static final Map<PGProperty, String> SAME_VALUES = Map.ofEntries(
            Map.entry(PGProperty.PASSWORD, "PGPASSWORD"),
            Map.entry(PGProperty.OPTIONS, "PGOPTIONS"),
            Map.entry(PGProperty.SSL_MODE, "PGSSLMODE"),
            Map.entry(PGProperty.SSL_ROOT_CERT, "PGSSLROOTCERT"),
            Map.entry(PGProperty.SSL_CERT, "PGSSLCERT"),
            Map.entry(PGProperty.SSL_KEY, "PGSSLKEY"),
            Map.entry(PGProperty.SSL_NEGOTIATION, "PGSSLNEGOTIATION"),
            Map.entry(PGProperty.GSS_ENC_MODE, "PGGSSENCMODE"),
            Map.entry(PGProperty.KERBEROS_SERVER_NAME, "PGKRBSRVNAME"),
            Map.entry(PGProperty.CHANNEL_BINDING, "PGCHANNELBINDING"),
            Map.entry(PGProperty.REQUIRE_AUTH, "PGREQUIREAUTH"),
            Map.entry(PGProperty.CONNECT_TIMEOUT, "PGCONNECT_TIMEOUT"));

    /** Java code, and the one property that libpq reads from a connection string only. */
    private static final List<PGProperty> NOT_IN_LIBPQ = List.of(
            PGProperty.SOCKET_FACTORY,
            PGProperty.SSL_FACTORY,
            PGProperty.SSL_HOSTNAME_VERIFIER,
            PGProperty.SSL_PASSWORD,
            PGProperty.SSL_PASSWORD_CALLBACK,
            PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME);

    private LibpqEnvironment() {}

    static Map<String, String> of(Properties parsed, Target target) throws SQLException {
        refuseWhatLibpqDoesNotHave(parsed, target);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PGHOST", hosts(text(parsed, PGProperty.PG_HOST)));
        environment.put("PGPORT", orElse(text(parsed, PGProperty.PG_PORT), "5432"));
        environment.put("PGDATABASE", target.database());
        environment.put("PGUSER", target.user());
        SAME_VALUES.forEach((property, variable) -> {
            String value = text(parsed, property);
            if (value != null) {
                environment.put(variable, value);
            }
        });
        if (!environment.containsKey("PGSSLMODE") && asksForSsl(parsed)) {
            environment.put("PGSSLMODE", "verify-full");
        }
        if (target.hasSeveralHosts()) {
            environment.put("PGTARGETSESSIONATTRS", "primary");
        }
        return environment;
    }

    private static void refuseWhatLibpqDoesNotHave(Properties parsed, Target target) throws SQLException {
        List<String> found = new ArrayList<>();
        for (PGProperty property : NOT_IN_LIBPQ) {
            String value = text(parsed, property);
            if (value != null && !value.equals(property.getDefaultValue())) {
                found.add(property.getName());
            }
        }
        if (!found.isEmpty()) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    PostgreSQL's own programs (pg_dump, psql) cannot connect the way this URL says:\
                     libpq knows no %s.
                      target:   %s
                      database: unchanged
                      next:     set gangway.migrationUrl to a URL without that (sslmode, sslrootcert, sslcert and\
                     sslkey will do), or leave gangway.backup out""".formatted(String.join(", ", found), target));
        }
    }

    /** As pgjdbc reads it: the bare parameter is a yes. */
    private static boolean asksForSsl(Properties parsed) {
        String ssl = parsed.getProperty(PGProperty.SSL.getName());
        return ssl != null && (ssl.isEmpty() || Boolean.parseBoolean(ssl));
    }

    /** pgjdbc writes IPv6 addresses in brackets, libpq without. No host at all is localhost to pgjdbc. */
    private static String hosts(@Nullable String hosts) {
        return orElse(hosts, "localhost").replace("[", "").replace("]", "");
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static @Nullable String text(Properties parsed, PGProperty property) {
        String value = parsed.getProperty(property.getName());
        return value == null || value.isEmpty() ? null : value;
    }
}
