package dev.gangway.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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

    private static final byte[] NO_ENCRYPTION = {'N'};
    private static final int BUFFER = 1 << 16;

    private volatile ServerAddress server;
    private final ServerSocket listener;
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<String> sql = new CopyOnWriteArrayList<>();
    private volatile long delayNanos;
    private volatile int firstCounted;
    private volatile @Nullable Scissors scissors;
    private volatile @Nullable Pause pause;

    /** Where a message that a client sends is lost. */
    public enum Cut {
        /** The server never hears of it. */
        BEFORE_IT_IS_SENT,
        /** The server hears the first half of its bytes. */
        HALF_WAY,
        /** The server does what it says; the client never hears of that. */
        BEFORE_ITS_ANSWER
    }

    /** What a cut takes with it. */
    public enum Damage {
        /** The connection on which the message travels; all others, and new ones, work. */
        ONE_CONNECTION,
        /** All connections, and there will be no new ones. */
        WHOLE_NETWORK
    }

    /** One cut that is to be made, and whether it has been. */
    private static final class Scissors {
        final AtomicInteger left;
        final Cut cut;
        final Damage damage;
        final CountDownLatch done = new CountDownLatch(1);

        Scissors(int message, Cut cut, Damage damage) {
            this.left = new AtomicInteger(message);
            this.cut = cut;
            this.damage = damage;
        }
    }

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
        Pause asked = new Pause(beginning);
        pause = asked;
        return asked;
    }

    /** One message that stays on its way. */
    public static final class Pause {
        private final String beginning;
        private final AtomicInteger seen = new AtomicInteger();
        private final CountDownLatch over = new CountDownLatch(1);

        private Pause(String beginning) {
            this.beginning = beginning;
        }

        /** Whether the message has come and waits. */
        public boolean isHolding() {
            return seen.get() > 0;
        }

        /** Lets the message go on its way. */
        public void end() {
            over.countDown();
        }

        private void hold(FrontendMessage message) {
            if (message.sql().filter(sql -> sql.startsWith(beginning)).isPresent() && seen.getAndIncrement() == 0) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Cuts all open connections, as a broken network does; new ones are accepted. */
    public void cutAll() {
        sessions.forEach(Session::cut);
    }

    /**
     * Makes one cut later.
     *
     * @param message which of the messages that clients send from now on is hit, from 1, those that open and end a
     *     session included; questions for encryption are not counted
     */
    public void cutAt(int message, Cut cut, Damage damage) {
        scissors = new Scissors(message, cut, damage);
    }

    /** Whether the cut that was asked for has been made; waits for its end when its message has come. */
    public boolean hasCut() throws InterruptedException {
        Scissors asked = scissors;
        if (asked == null || asked.left.get() > 0) {
            return false;
        }
        asked.done.await();
        return true;
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

    private Stream<Session> counted() {
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
            daemon("proxy-open", () -> open(client));
        }
    }

    private void open(Socket client) {
        try {
            Session session = new Session(client, new Socket(server.host(), server.port()));
            sessions.add(session);
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

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is as closed as it gets.
        }
    }

    /** One connection and its counts. */
    private final class Session {

        final AtomicInteger roundTrips = new AtomicInteger();
        final AtomicInteger requests = new AtomicInteger();
        final AtomicInteger startupFlights = new AtomicInteger();
        volatile boolean cancels;
        private volatile @Nullable Scissors cutsAnswer;
        private final Socket client;
        private final Socket backend;

        Session(Socket client, Socket backend) throws IOException {
            this.client = client;
            this.backend = backend;
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
        }

        void forwardMessages() {
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER));
                    OutputStream out = new BufferedOutputStream(backend.getOutputStream(), BUFFER)) {
                boolean started = false;
                while (true) {
                    Optional<FrontendMessage> next = FrontendMessage.read(in, started);
                    if (next.isEmpty()) {
                        break;
                    }
                    FrontendMessage message = next.get();
                    boolean endsFlight = in.available() == 0;
                    count(message, endsFlight);
                    if (message.asksForEncryption()) {
                        client.getOutputStream().write(NO_ENCRYPTION);
                        continue;
                    }
                    started = true;
                    Pause asked = pause;
                    if (asked != null) {
                        asked.hold(message);
                    }
                    Scissors due = dueFor(message);
                    if (due != null) {
                        forwardUntilCut(message, out, due, endsFlight);
                        continue;
                    }
                    message.writeTo(out);
                    if (endsFlight) {
                        out.flush();
                    }
                }
            } catch (IOException e) {
                // Either side has gone, and the other one follows.
            }
            closeBoth();
        }

        void forwardAnswers() {
            try {
                byte[] answer = new byte[BUFFER];
                while (true) {
                    int length = backend.getInputStream().read(answer);
                    Scissors due = cutsAnswer;
                    if (due != null) {
                        cutFor(due);
                    }
                    if (length < 0 || due != null) {
                        break;
                    }
                    client.getOutputStream().write(answer, 0, length);
                }
            } catch (IOException e) {
                // Either side has gone, and the other one follows.
            }
            closeBoth();
        }

        private @Nullable Scissors dueFor(FrontendMessage message) {
            Scissors asked = scissors;
            boolean due = asked != null && !message.isCancelRequest() && asked.left.decrementAndGet() == 0;
            return due ? asked : null;
        }

        private void forwardUntilCut(FrontendMessage message, OutputStream out, Scissors due, boolean endsFlight)
                throws IOException {
            boolean answered = endsFlight && (message.isRequest() || message.isStartupFlight());
            switch (due.cut) {
                case BEFORE_IT_IS_SENT -> out.flush();
                case HALF_WAY -> message.writeHalfTo(out);
                case BEFORE_ITS_ANSWER -> {
                    if (answered) {
                        cutsAnswer = due;
                    }
                    message.writeTo(out);
                }
            }
            out.flush();
            if (due.cut != Cut.BEFORE_ITS_ANSWER || !answered) {
                cutFor(due);
            }
        }

        private void cutFor(Scissors due) {
            if (due.damage == Damage.WHOLE_NETWORK) {
                close();
            } else {
                cut();
            }
            due.done.countDown();
        }

        void cut() {
            try {
                client.setSoLinger(true, 0); // a reset instead of an orderly end
            } catch (IOException e) {
                // It has been closed already.
            }
            closeBoth();
        }

        private void count(FrontendMessage message, boolean endsFlight) {
            cancels |= message.isCancelRequest();
            message.sql().ifPresent(sql::add);
            if (message.isStartupFlight()) {
                startupFlights.incrementAndGet();
                delayFlight();
            } else if (message.isRequest()) {
                requests.incrementAndGet();
                if (endsFlight) {
                    roundTrips.incrementAndGet();
                    delayFlight();
                }
            }
        }

        private void delayFlight() {
            long start = System.nanoTime();
            for (long left = delayNanos; left > 0; left = delayNanos - (System.nanoTime() - start)) {
                LockSupport.parkNanos(left);
            }
        }

        private void closeBoth() {
            closeQuietly(client);
            closeQuietly(backend);
        }
    }
}
