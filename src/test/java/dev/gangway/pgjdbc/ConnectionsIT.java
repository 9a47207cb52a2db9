package dev.gangway.pgjdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class ConnectionsIT {

    @Test
    void aConnectionWhoseNetworkIsBrokenIsClosedWithoutComplaint() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server())) {
            Connection connection = proxy.address().connect(database.name());
            proxy.cutAll();

            assertThatCode(() -> Connections.close(connection)).doesNotThrowAnyException();
            assertThat(connection.isClosed()).isTrue();
        }
    }
}
