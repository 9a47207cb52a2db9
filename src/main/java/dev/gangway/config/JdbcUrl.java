package dev.gangway.config;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.internal.Digits;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.URLCoder;

/**
 * A {@code jdbc:gangway:postgresql:} URL, split into what is ours and what is pgjdbc's. Immutable.
 *
 * <p>pgjdbc's part keeps every byte: only the leading {@code gangway:} and our own parameters are taken out. The rules
 * for cutting are pgjdbc's ({@code org.postgresql.Driver.parseURL}): the query begins at the first '?', parameters are
 * separated by '&amp;', names are taken as they stand, values are decoded.
 */
public final class JdbcUrl {

    /** What every URL of ours begins with. */
    public static final String PREFIX = "jdbc:gangway:";

    private static final String POSTGRES = "jdbc:postgresql:";

    private final String original;
    private final String postgresUrl;
    private final Map<String, String> ownParameters;

    private JdbcUrl(String original, String postgresUrl, Map<String, String> ownParameters) {
        this.original = original;
        this.postgresUrl = postgresUrl;
        this.ownParameters = ownParameters;
    }

    /** {@return whether the URL is for this driver; decided by its beginning alone} */
    public static boolean accepts(@Nullable String url) {
        return url != null && url.startsWith(PREFIX);
    }

    /**
     * {@return the parts of the URL}
     *
     * @throws SQLException GW004 when it is not of the form {@code jdbc:gangway:postgresql:…}, repeats one of our
     *     parameters, or cannot be read by pgjdbc. The message contains no password.
     */
    public static JdbcUrl parse(String url) throws SQLException {
        return parse(url, "the JDBC URL");
    }

    /** @param what how messages name the URL */
    static JdbcUrl parse(String url, String what) throws SQLException {
        String delegate = "jdbc:" + url.substring(Math.min(PREFIX.length(), url.length()));
        if (!accepts(url) || !delegate.startsWith(POSTGRES)) {
            throw wrong(
                    "The URL %s is not one that Gangway can open. Write it as jdbc:gangway:postgresql://host:port/database"
                            .formatted(Secrets.mask(url)));
        }
        int questionMark = delegate.indexOf('?');
        String server = questionMark < 0 ? delegate : delegate.substring(0, questionMark);
        checkServer(server, url, what);
        decoded("the host or database", server, what);
        if (questionMark < 0) {
            return new JdbcUrl(url, delegate, Map.of());
        }
        List<String> theirs = new ArrayList<>();
        Map<String, String> own = new LinkedHashMap<>();
        for (String parameter : delegate.substring(questionMark + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = decoded(name, equals < 0 ? "" : parameter.substring(equals + 1), what);
            if (!Setting.isOurs(name)) {
                theirs.add(parameter);
            } else if (own.put(name, value) != null) {
                throw wrong("The setting %s stands twice in %s. Keep one of them.".formatted(Secrets.mask(name), what));
            }
        }
        String query = theirs.isEmpty() ? "" : "?" + String.join("&", theirs);
        return new JdbcUrl(url, server + query, Collections.unmodifiableMap(own));
    }

    /** {@return the URL for pgjdbc, {@code jdbc:postgresql:…}, with passwords if it has any} */
    public String postgresUrl() {
        return postgresUrl;
    }

    /** {@return our parameters with decoded values, in the order of the URL; a parameter without '=' has the value ""} */
    public Map<String, String> ownParameters() {
        return ownParameters;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JdbcUrl that && original.equals(that.original);
    }

    @Override
    public int hashCode() {
        return original.hashCode();
    }

    /** {@return the URL as it was given, with every password masked} */
    @Override
    public String toString() {
        return Secrets.mask(original);
    }

    /** Said here because pgjdbc's own "Unable to parse URL" tells neither what is wrong nor keeps the password back. */
    private static void checkServer(String server, String url, String what) throws SQLException {
        if (server.contains("&" + Setting.PREFIX)) {
            throw malformed(what, url, "a '?' stands before the first parameter, and '&' only between parameters");
        }
        String rest = server.substring(POSTGRES.length());
        if (!rest.startsWith("//")) {
            if (rest.startsWith("/")) {
                throw malformed(what, url, "two slashes stand before the host, or none before a database alone");
            }
            return;
        }
        int slash = rest.indexOf('/', 2);
        if (slash < 0) {
            throw malformed(what, url, "a '/' and the name of the database stand after the host");
        }
        if (rest.indexOf('/', slash + 1) >= 0) {
            throw malformed(what, url, "a '/' in the name of the database is written as %2F");
        }
        String hosts = rest.substring(2, slash);
        if (!hosts.isEmpty() && hosts.replace(",", "").isEmpty()) {
            throw malformed(what, url, "a host stands between the commas");
        }
        for (String host : hosts.split(",", -1)) {
            int colon = host.lastIndexOf(':');
            if (host.indexOf('@') >= 0) {
                throw malformed(
                        what, url, "user and password are parameters (?user=…&password=…), not a part of the host");
            }
            if (colon >= 0 && host.lastIndexOf(']') < colon && !isPort(host.substring(colon + 1))) {
                throw malformed(
                        what, url, "a port is a number from 1 to 65535, and an IPv6 address stands in brackets");
            }
        }
    }

    private static boolean isPort(String text) {
        return Digits.isNumber(text, 5) && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
    }

    private static String decoded(String name, String value, String what) throws SQLException {
        try {
            return URLCoder.decode(value);
        } catch (IllegalArgumentException malformed) {
            // The cause's message quotes the value, which may be a password: it is left out on purpose.
            throw wrong(("The text of %s in %s has a '%%' that no two hexadecimal digits follow."
                            + " Write a percent sign itself as %%25.")
                    .formatted(Secrets.mask(name), what));
        }
    }

    private static SQLException malformed(String what, String url, String rule) {
        return wrong("Cannot read %s %s: %s.".formatted(what, Secrets.mask(url), rule));
    }

    private static SQLException wrong(String message) {
        return new GangwayException.Permanent(Code.SETTING_WRONG, message);
    }
}
