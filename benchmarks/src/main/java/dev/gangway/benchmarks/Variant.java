package dev.gangway.benchmarks;

import com.p6spy.engine.common.ConnectionInformation;
import com.p6spy.engine.event.JdbcEventListener;
import com.p6spy.engine.wrapper.ConnectionWrapper;
import com.pgvector.PGvector;
import dev.gangway.config.JdbcUrl;
import dev.gangway.config.SettingsReader;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.search.Searches;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import net.ttddyy.dsproxy.listener.NoOpQueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;

/** What stands between an application and pgjdbc; public because JMH's generated code uses it. */
public enum Variant {
    BARE("pgjdbc"),
    OFF("Gangway, off"),
    MEASURE("Gangway, measure"),
    ACCELERATE("Gangway, accelerate"),
    PROXY("java.lang.reflect.Proxy"),
    P6SPY("p6spy"),
    DATASOURCE_PROXY("datasource-proxy");

    /** What applications may have; the others are what people put there instead of it. */
    static final List<Variant> GANGWAY = List.of(BARE, OFF, MEASURE, ACCELERATE);

    private final String label;

    Variant(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /**
     * Connects, with pgvector's types registered.
     *
     * @param url of pgjdbc, with at least one parameter
     */
    Connection open(String url) throws SQLException {
        return switch (this) {
            case OFF -> gangway(url, "off");
            case MEASURE -> gangway(url, "measure");
            case ACCELERATE -> gangway(url, "accelerate");
            default -> {
                Connection connection = Sql.connect(url);
                PGvector.registerTypes(connection);
                yield around(connection);
            }
        };
    }

    private static Connection gangway(String url, String search) throws SQLException {
        return DriverManager.getConnection(
                url.replaceFirst("^jdbc:", "jdbc:gangway:") + "&gangway.mode=off&gangway.search=" + search);
    }

    /** Puts it around any connection, with listeners that do nothing. */
    Connection around(Connection connection) throws SQLException {
        return switch (this) {
            case BARE -> connection;
            case OFF, ACCELERATE -> throw new IllegalArgumentException(this + " connects itself");
            case MEASURE -> measured(connection);
            case PROXY -> TimingProxy.around(connection);
            case P6SPY ->
                ConnectionWrapper.wrap(
                        connection, new JdbcEventListener() {}, ConnectionInformation.fromTestConnection(connection));
            case DATASOURCE_PROXY ->
                ProxyDataSourceBuilder.create(new OneConnection(connection))
                        .listener(new NoOpQueryExecutionListener())
                        .build()
                        .getConnection();
        };
    }

    private static Connection measured(Connection connection) throws SQLException {
        JdbcUrl url = JdbcUrl.parse("jdbc:gangway:postgresql://127.0.0.1/stub?gangway.search=measure");
        Searches searches = Searches.of(
                SettingsReader.read(url, null, null), Endpoint.of(url.postgresUrl(), new Properties()), null);
        return Objects.requireNonNull(searches).around(connection, new VectorExtension("public", "0.8.0", List.of()));
    }
}
