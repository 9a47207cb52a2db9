package dev.gangway.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link TcpProxy}, and its counts. Two threads carry it, one for each direction. */
final class ProxySession implements Damage.Hit {

    private static final byte[] NO_ENCRYPTION = {'N'};
    private static final int BUFFER = 1 << 16;

    final AtomicInteger roundTrips = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger startupFlights = new AtomicInteger();
    volatile boolean cancels;
    volatile boolean ended;
    private final TcpProxy proxy;
    private volatile @Nullable Fault strikesBeforeAnswer;
    private final Socket client;
    private final Socket backend;

    ProxySession(TcpProxy proxy, Socket client, Socket backend) throws IOException {
        this.proxy = proxy;
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
                proxy.hold(message);
                Fault due = proxy.dueFor(message);
                if (due != null) {
                    forwardUntilStruck(message, out, due, endsFlight);
                    continue;
                }
                try {
                    message.writeTo(out);
                    if (endsFlight) {
                        out.flush();
                    }
                } catch (IOException e) {
                    if (!proxy.hidesEnds()) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            // Either side has gone, and the other one follows.
        } finally {
            closeBoth();
            ended = true;
        }
    }

    void forwardAnswers() {
        try {
            byte[] answer = new byte[BUFFER];
            while (true) {
                int length = backend.getInputStream().read(answer);
                Fault due = strikesBeforeAnswer;
                if (due != null) {
                    due.strike(proxy, this);
                    cut();
                    break;
                }
                if (length < 0) {
                    break;
                }
                client.getOutputStream().write(answer, 0, length);
            }
        } catch (IOException e) {
            // Either side has gone, and the other one follows.
        }
        if (!proxy.hidesEnds()) {
            closeBoth();
        }
    }

    private void forwardUntilStruck(FrontendMessage message, OutputStream out, Fault due, boolean endsFlight)
            throws IOException {
        boolean answered = endsFlight && (message.isRequest() || message.isStartupFlight());
        switch (due.moment()) {
            case BEFORE_IT_IS_SENT -> {
                out.flush();
                due.strike(proxy, this);
                message.writeTo(out);
                out.flush();
            }
            case HALF_WAY -> {
                message.writeHalfTo(out);
                out.flush();
                due.strike(proxy, this);
                cut();
            }
            case BEFORE_ITS_ANSWER -> {
                if (answered) {
                    strikesBeforeAnswer = due;
                }
                message.writeTo(out);
                out.flush();
                if (!answered) {
                    due.strike(proxy, this);
                    cut();
                }
            }
        }
    }

    @Override
    public int clientPort() {
        return backend.getLocalPort();
    }

    @Override
    public void cut() {
        try {
            client.setSoLinger(true, 0); // a reset instead of an orderly end
        } catch (IOException e) {
            // It has been closed already.
        }
        closeBoth();
    }

    private void count(FrontendMessage message, boolean endsFlight) {
        cancels |= message.isCancelRequest();
        message.sql().ifPresent(proxy::record);
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
        for (long left = proxy.delayNanos(); left > 0; left = proxy.delayNanos() - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
    }

    private void closeBoth() {
        TcpProxy.closeQuietly(client);
        TcpProxy.closeQuietly(backend);
    }
}
