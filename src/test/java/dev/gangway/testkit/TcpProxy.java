package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A loopback proxy to a PostgreSQL server that counts how often a client waits for the server.
 *
 * <p>It reads the client's messages. Query, Sync, Flush, FunctionCall and the end of COPY data are requests; one that
 * nothing follows in the same flight makes a round trip. So pgjdbc's BEGIN, which travels with the statement behind
 * it, is a request of its own and no round trip of its own. What opens a session is counted apart. The proxy refuses
 * encryption by itself.
 *
 * <p>Thread-safe. What the client has an answer to has been counted.
 */
public final class TcpProxy implements AutoCloseable {

    private volatile ServerAddress server;
    private final ServerSocket listener;
    private final List<ProxySession> sessions = new CopyOnWriteArrayList<>();
    private final List<String> sql = new CopyOnWriteArrayList<>();
    private volatile long delayNanos;
    private volatile int firstCounted;
    private volatile @Nullable Fault fault;
    private volatile @Nullable Pause pause;
    private volatile boolean endsAreHidden;
    private volatile boolean refuses;
    private volatile @Nullable Runnable observer;

    private TcpProxy(ServerAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** Starts a proxy on a free port. */
    public static TcpProxy to(ServerAddress server) {
        try {
            TcpProxy proxy = new TcpProxy(server, new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
            daemon("proxy-accept", proxy::acceptUntilClosed);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on loopback", e);
        }
    }

    /** The proxy as if it were the server. */
    public ServerAddress address() {
        return server.throughLocalPort(listener.getLocalPort());
    }

    /** Leads new connections to another server, as a name does that has moved; open ones stay. */
    public void moveTo(ServerAddress other) {
        server = other;
    }

    /** Round trips of all connections since the start or the last {@link #reset}, those of a session's start apart. */
    public int roundTrips() {
        return sessions.stream().mapToInt(session -> session.roundTrips.get()).sum();
    }

    /** The round trips of each connection that was opened since the last reset, in the order of opening. */
    public List<Integer> roundTripsByConnection() {
        return counted().map(session -> session.roundTrips.get()).toList();
    }

    /** Requests of all connections since the last reset, whether the client waited after each or not. */
    public int requests() {
        return sessions.stream().mapToInt(session -> session.requests.get()).sum();
    }

    /** Waits before a session was open: the encryption question, the start, each step of a password. */
    public int startupFlights() {
        return sessions.stream()
                .mapToInt(session -> session.startupFlights.get())
                .sum();
    }

    /** How many connections were opened since the last reset, requests to cancel not counted. */
    public int connections() {
        return (int) counted().count();
    }

    /** How many requests to cancel a query came since the last reset. */
    public int cancelRequests() {
        return (int) sessions.stream()
                .skip(firstCounted)
                .filter(session -> session.cancels)
                .count();
    }

    /**
     * The texts of Query and Parse messages since the last reset, in the order of arrival. What pgjdbc has prepared
     * before, a second COMMIT for example, it executes without its text.
     */
    public List<String> sql() {
        return List.copyOf(sql);
    }

    /** Sets all counts to 0 and forgets the texts; open connections stay open and go on counting. */
    public void reset() {
        firstCounted = sessions.size();
        sessions.forEach(session -> {
            session.roundTrips.set(0);
            session.requests.set(0);
            session.startupFlights.set(0);
        });
        sql.clear();
    }

    /** Holds back each round trip, and each of a start, for this long, like a distant server; zero at first. */
    public void delay(Duration perFlight) {
        delayNanos = perFlight.toNanos();
    }

    /** Holds back the first message from now on whose SQL begins like that, until the pause ends. */
    public Pause holdBack(String beginning) {
        return holdBack(sql -> sql.startsWith(beginning));
    }

    /** Holds back the first message from now on whose SQL is like that, until the pause ends. */
    public Pause holdBack(Predicate<String> sql) {
        return hold(message -> message.sql().filter(sql).isPresent());
    }

    /**
     * Holds back one message until the pause ends, and what follows it on its connection.
     *
     * @param message which of the messages from now on, counted as for {@link #strikeAt}
     */
    public Pause holdBackAt(int message) {
        AtomicInteger left = new AtomicInteger(message);
        return hold(any -> !any.isCancelRequest() && left.decrementAndGet() == 0);
    }

    private Pause hold(Predicate<FrontendMessage> which) {
        Pause asked = new Pause(which);
        pause = asked;
        return asked;
    }

    /** One message that stays on its way. */
    public static final class Pause {
        private final Predicate<FrontendMessage> which;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicReference<@Nullable String> held = new AtomicReference<>();
        private final CountDownLatch over = new CountDownLatch(1);

        private Pause(Predicate<FrontendMessage> which) {
            this.which = which;
        }

        /** Whether the message has come and waits. */
        public boolean isHolding() {
            return held.get() != null && over.getCount() > 0;
        }

        /** The SQL of the message that is or was held back; empty when it has none. */
        public String sql() {
            return Objects.requireNonNullElse(held.get(), "");
        }

        /** How many messages have come since it was asked for, counted as for {@link TcpProxy#strikeAt}. */
        public int messages() {
            return asked.get();
        }

        /** Lets the message go on its way. */
        public void end() {
            over.countDown();
        }

        void hold(FrontendMessage message) {
            if (!message.isCancelRequest()) {
                asked.incrementAndGet();
            }
            if (which.test(message) && held.compareAndSet(null, message.sql().orElse(""))) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * From now on no client hears that the server has ended its session: what it sends is lost, as behind a network
     * that is gone, until the proxy is closed or cuts.
     */
    public void hideEnds() {
        endsAreHidden = true;
    }

    /** Has this run before each message that clients send from now on, counted as for {@link #strikeAt}; one at a time. */
    public void beforeEachMessage(Runnable observer) {
        this.observer = observer;
    }

    /** Cuts all open connections, and each new one before its first message has gone on its way. */
    public void cutForGood() {
        refuses = true;
        cutAll();
    }

    /** Cuts all open connections, as a broken network does; new ones are accepted. */
    public void cutAll() {
        sessions.forEach(ProxySession::cut);
    }

    /**
     * Has something happen to the system later, once.
     *
     * @param message which of the messages that clients send from now on is on its way then, from 1, those that open
     *     and end a session included; questions for encryption are not counted
     */
    public void strikeAt(int message, Moment moment, Damage damage) {
        fault = new Fault(message, moment, damage);
    }

    /** Whether that has happened; waits for its end when its message has come. */
    public boolean hasStruck() throws InterruptedException {
        Fault asked = fault;
        return asked != null && asked.isOver();
    }

    /** Whether all connections have ended, and whatever {@link #strikeAt} had to do in their course has been done. */
    public boolean isQuiet() {
        return sessions.stream().allMatch(session -> session.ended);
    }

    /** Stops listening and cuts all connections. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the proxy", e);
        }
        cutAll();
    }

    private Stream<ProxySession> counted() {
        return sessions.stream().skip(firstCounted).filter(session -> !session.cancels);
    }

    private void acceptUntilClosed() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                return; // closed
            }
            if (refuses) {
                closeQuietly(client);
            } else {
                daemon("proxy-open", () -> open(client));
            }
        }
    }

    private void open(Socket client) {
        try {
            ProxySession session = new ProxySession(this, client, new Socket(server.host(), server.port()));
            sessions.add(session);
            if (refuses) {
                session.cut(); // came while all others were cut
            }
            daemon("proxy-answers", session::forwardAnswers);
            session.forwardMessages();
        } catch (IOException e) {
            closeQuietly(client); // no server: the client sees its connection end
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is as closed as it gets.
        }
    }

    void record(String text) {
        sql.add(text);
    }

    long delayNanos() {
        return delayNanos;
    }

    boolean hidesEnds() {
        return endsAreHidden;
    }

    void hold(FrontendMessage message) {
        Runnable told = observer;
        if (told != null && !message.isCancelRequest()) {
            synchronized (told) {
                told.run();
            }
        }
        Pause asked = pause;
        if (asked != null) {
            asked.hold(message);
        }
    }

    /** What happens while this message is on its way; null for nothing. */
    @Nullable
    Fault dueFor(FrontendMessage message) {
        Fault asked = fault;
        return asked != null && asked.isDueFor(message) ? asked : null;
    }
}
