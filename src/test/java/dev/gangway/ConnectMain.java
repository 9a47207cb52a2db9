package dev.gangway;

import dev.gangway.testkit.ChildMain;
import java.sql.Connection;
import java.util.Properties;

/** The main class of a process that connects once, says {@code connected}, and stays until it is told to end. */
public final class ConnectMain {

    private ConnectMain() {}

    /** @param args the URL */
    public static void main(String[] args) throws Exception {
        try (Connection connection = new GangwayDriver().connect(args[0], new Properties())) {
            System.out.println(connection == null ? "refused" : "connected");
            ChildMain.nextLine();
        }
    }
}
