package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.SearchMXBean;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application of the usual layers gets the same with all settings of {@code gangway.search}. */
class RealApplicationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the server was told of the types of those parameters that are cast to a vector; null is bound as a text. */
    private static final String TYPES_OF_VECTORS = """
            select distinct parameter_types[cast(number[1] as int)]::text
            from pg_prepared_statements, regexp_matches(statement, '\\$([0-9]+)(?:::| as )vector', 'g') number
            where statement not like 'update book set%'
            """;

    private static TestDatabase template;
    private static List<String> expected;

    @BeforeAll
    static void withoutUs() throws Exception {
        template = TestServer.newDatabase();
        template.execute(LibraryApplication.TABLES);
        try (TestDatabase database = TestServer.copyOf(template);
                LibraryApplication application = application(database, "off")) {
            application.work();
            expected = application.got();
            assertThat(application.jdbc().queryForList(TYPES_OF_VECTORS, String.class))
                    .contains("character varying", "real[]");
        }
    }

    @AfterAll
    static void drop() throws Exception {
        template.close();
    }

    private static LibraryApplication application(TestDatabase database, String search) {
        return new LibraryApplication(
                database.gangwayUrl("gangway.mode=off", "prepareThreshold=1", "gangway.search=" + search));
    }

    @ParameterizedTest
    @ValueSource(strings = {"measure", "accelerate", "measure,accelerate"})
    void itGetsTheSame(String search) throws Exception {
        try (TestDatabase database = TestServer.copyOf(template);
                LibraryApplication application = application(database, search)) {
            application.work();

            assertThat(application.got()).isEqualTo(expected);
            List<String> types = application.jdbc().queryForList(TYPES_OF_VECTORS, String.class);
            if (search.contains("accelerate")) {
                assertThat(types).containsOnly("vector");
            } else {
                assertThat(types).contains("character varying", "real[]");
            }
            if (search.contains("measure")) {
                assertMeasured(database, application.searches());
            }
        }
    }

    private static void assertMeasured(TestDatabase database, int searches) throws Exception {
        ObjectName name = new ObjectName("dev.gangway:type=Search,target="
                + ObjectName.quote(Endpoint.of(database.jdbcUrl(), new Properties())
                        .target()
                        .toString()));
        var server = ManagementFactory.getPlatformMBeanServer();
        Await.until("it is in JMX", PATIENCE, () -> server.isRegistered(name));
        SearchMXBean bean = JMX.newMXBeanProxy(server, name, SearchMXBean.class);
        assertThat(bean.getCount()).isEqualTo(searches);
        assertThat(bean.getFailures()).isEqualTo(4);
    }
}
