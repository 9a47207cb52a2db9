package dev.gangway.testkit;

/** What happens to the system while a message is on its way through a {@link TcpProxy}. */
@FunctionalInterface
public interface Damage {

    /** The connection on which the message travels is cut; all others, and new ones, work. */
    Damage ONE_CONNECTION = (proxy, hit) -> hit.cut();

    /** All connections are cut, and there will be no new ones. */
    Damage WHOLE_NETWORK = (proxy, hit) -> proxy.cutForGood();

    /**
     * Does it, on the thread that carries the message.
     *
     * @param hit the connection on which the message travels
     */
    void strike(TcpProxy proxy, Hit hit);

    /** The connection whose message is on its way. */
    interface Hit {

        /** What the server calls the connection: {@code client_port} in {@code pg_stat_activity}. */
        int clientPort();

        /** Resets it on both sides. */
        void cut();
    }
}
