package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that Gangway sends, in a run of all that it does, is looked up along the search_path. */
class QualifiedSqlIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws Exception {
        app = Application.in(folder);
        app.execute("create extension vector schema pg_catalog");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        Gates.clear();
        app.close();
    }

    @Test
    void eachFunctionOperatorAndTypeIsNamedWithItsSchema(@TempDir Path services) throws Exception {
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            new Everything(app, proxy.address(), "gangway.schema=shop").run(services);
            Set<String> sent = new LinkedHashSet<>(proxy.sql());
            assertThat(sent).hasSizeGreaterThan(60);
            List<String> found = new ArrayList<>();
            for (String sql : sent) {
                // On the leader lock's connection the search_path is pg_catalog; see LeaderLock.
                if (!sql.startsWith("SELECT pg_stat_clear_snapshot()")) {
                    found.addAll(Unqualified.in(sql));
                }
            }
            assertThat(found).isEmpty();
        }
    }

    @Test
    void whatIsNotQualifiedWouldBeFound() throws Exception {
        assertThat(Unqualified.in("select now(), a = b, c::text, nullif(a, b), case a when 1 then 2 end"
                        + " from t join u using (id) where x in (1) and y like 'z' and -1 <> q"))
                .hasSize(10);
        assertThat(Unqualified.in("select pg_catalog.now(), a operator(pg_catalog.=) b, c::pg_catalog.text, count.x"))
                .isEmpty();
    }
}
