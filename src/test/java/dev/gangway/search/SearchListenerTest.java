package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.SearchListener;
import dev.gangway.config.JdbcUrl;
import dev.gangway.config.SettingsReader;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the application's listeners hear of searches. */
class SearchListenerTest {
    private static final SearchQuery QUERY = new SearchQuery(
            "select * from shop.item order by embedding <-> ? limit 5", "<->", "shop.item", 5, 0, "0123456789abcdef");

    private static final List<SearchListener.Search> HEARD = new ArrayList<>();
    private static @Nullable Meter present;

    @TempDir
    Path folder;

    private Providers providers;

    public static final class Recording implements SearchListener {
        @Override
        public void searched(Search search) {
            HEARD.add(search);
        }
    }

    public static final class Failing implements SearchListener {
        @Override
        public void searched(Search search) {
            throw new IllegalStateException("no, not that");
        }
    }

    public static final class Searching implements SearchListener {
        @Override
        public void searched(Search search) {
            present.searched(QUERY, 1, 1, 1, null);
        }
    }

    /** Of an application that is undeployed; knows nothing of this test, for another class loader defines it. */
    public static final class Undeployed implements SearchListener {
        @Override
        public void searched(Search search) {
            System.setProperty(Undeployed.class.getName(), search.sql());
        }
    }

    @BeforeEach
    void forgetWhatWasHeard() {
        HEARD.clear();
    }

    @AfterEach
    void close() {
        present.close();
        providers.close();
    }

    @Test
    void aListenerHearsAllThatIsKnown() throws Exception {
        Meter meter = meter(Recording.class);
        SQLException failure = new SQLException("canceled", "57014");

        meter.searched(QUERY, 1_500_000, 4, 5, null);
        meter.searched(QUERY, 7, SearchQuery.UNKNOWN, 5, failure);

        assertThat(HEARD).hasSize(2);
        SearchListener.Search first = HEARD.get(0);
        assertThat(first)
                .isEqualTo(new SearchListener.Search(
                        "app@db:5432/shop",
                        "<->",
                        "shop.item",
                        "0123456789abcdef",
                        QUERY.sql(),
                        1_500_000,
                        4,
                        5,
                        null));
        assertThat(first.elapsed()).hasMillis(1);
        assertThat((Throwable) HEARD.get(1).failure()).isSameAs(failure);
        assertThat(HEARD.get(1).rows()).isEqualTo(SearchListener.Search.UNKNOWN);
    }

    @Test
    void aListenerThatThrowsIsLoggedOnceAndKeepsNobodyFromHearing() throws Exception {
        Meter meter = meter(Failing.class, Recording.class);
        try (LogCapture log = LogCapture.start()) {
            for (int i = 0; i < 1_000; i++) {
                meter.searched(QUERY, 1, 1, 1, null);
            }

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("no, not that"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN app@db:5432/shop - the listener ");
        }
        assertThat(HEARD).hasSize(1_000);
        assertThat(meter.statistics().getCount()).isEqualTo(1_000);
    }

    @Test
    void nobodyHearsOfTheSearchesThatAListenerMakes() throws Exception {
        Meter meter = meter(Searching.class, Recording.class);

        meter.searched(QUERY, 1, 1, 1, null);

        assertThat(HEARD).hasSize(1);
        assertThat(meter.statistics().getCount()).isEqualTo(2);
    }

    @Test
    void aMeterThatIsClosedTellsNobody() throws Exception {
        Meter meter = meter(Recording.class);
        meter.close();

        meter.searched(QUERY, 1, 1, 1, null);

        assertThat(HEARD).isEmpty();
    }

    @Test
    void aMeterKeepsNoApplicationInMemory() throws Exception {
        providers = Providers.in(folder, SearchListener.class, Undeployed.class);
        ClassLoader loader = new ApplicationLoader(providers.loader());
        Meter meter = meter(loader);
        System.gc();
        meter.searched(QUERY, 1, 1, 1, null);
        assertThat(System.clearProperty(Undeployed.class.getName())).isEqualTo(QUERY.sql());

        WeakReference<ClassLoader> application = new WeakReference<>(loader);
        loader = null;
        providers.close();
        Await.until("its classes are unloaded", Duration.ofSeconds(30), () -> {
            System.gc();
            return application.get() == null;
        });

        meter.searched(QUERY, 1, 1, 1, null);
        assertThat(System.clearProperty(Undeployed.class.getName())).isNull();
    }

    /** Defines a class of its own instead of taking the parent's. */
    private static final class ApplicationLoader extends ClassLoader {
        ApplicationLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Undeployed.class.getName()) || findLoadedClass(name) != null) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private Meter meter(Class<?>... listeners) throws SQLException {
        providers = Providers.in(folder, SearchListener.class, listeners);
        return meter(providers.loader());
    }

    private static Meter meter(ClassLoader loader) throws SQLException {
        Meter made = Meter.of(
                Endpoint.of("jdbc:postgresql://db:5432/shop?user=app", new Properties()),
                SettingsReader.read(JdbcUrl.parse("jdbc:gangway:postgresql://db/shop"), null, null),
                loader);
        present = made;
        return made;
    }
}
