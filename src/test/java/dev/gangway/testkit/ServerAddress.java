package dev.gangway.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how its superuser gets in.
 *
 * @param parameters of the URL, encoded, as {@code name=value}; {@code user} is among them
 */
public record ServerAddress(String host, int port, List<String> parameters) {

    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^:/?]+)(?::(\\d+))?/[^?]*(?:\\?(.*))?");
    private static final int DEFAULT_PORT = 5432;

    public ServerAddress {
        parameters = List.copyOf(parameters);
    }

    /** @param url of one host: {@code jdbc:postgresql://host[:port]/database?user=…[&password=…]} */
    public static ServerAddress parse(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "GANGWAY_TEST_URL has to look like jdbc:postgresql://host:5432/postgres?user=postgres&password=secret");
        }
        int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        String query = matcher.group(3);
        return new ServerAddress(matcher.group(1), port, query == null ? List.of() : List.of(query.split("&")));
    }

    /** The same server's users and settings, reached through another port of this machine: a proxy or a pooler. */
    public ServerAddress throughLocalPort(int otherPort) {
        return new ServerAddress("127.0.0.1", otherPort, parameters);
    }

    /** The same server for another user. */
    public ServerAddress as(String user, String password) {
        List<String> others = new ArrayList<>(parameters);
        others.removeIf(parameter -> parameter.startsWith("user=") || parameter.startsWith("password="));
        Collections.addAll(others, "user=" + user, "password=" + password);
        return new ServerAddress(host, port, others);
    }

    /** pgjdbc's URL of a database, with more parameters like {@code prepareThreshold=0} behind the address's own. */
    public String jdbcUrl(String database, String... more) {
        List<String> all = new ArrayList<>(parameters);
        Collections.addAll(all, more);
        return "jdbc:postgresql://" + host + ":" + port + "/" + database
                + (all.isEmpty() ? "" : "?" + String.join("&", all));
    }

    /** The same as {@link #jdbcUrl} for Gangway. */
    public String gangwayUrl(String database, String... more) {
        return jdbcUrl(database, more).replaceFirst("^jdbc:", "jdbc:gangway:");
    }

    /** The superuser's name. */
    public String user() {
        return parameter("user").orElse("postgres");
    }

    /** The superuser's password, if the server wants one. */
    public Optional<String> password() {
        return parameter("password");
    }

    /** A new connection of bare pgjdbc. */
    public Connection connect(String database) throws SQLException {
        return Sql.connect(jdbcUrl(database));
    }

    /** Runs one SQL text, of one or more statements, on a connection of its own. */
    public void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            Sql.execute(connection, sql);
        }
    }

    /** The first column of the query's first row as text, on a connection of its own. */
    public @Nullable String ask(String database, String query) throws SQLException {
        try (Connection connection = connect(database)) {
            return Sql.ask(connection, query);
        }
    }

    private Optional<String> parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.startsWith(name + "="))
                .map(parameter -> URLDecoder.decode(parameter.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }
}
