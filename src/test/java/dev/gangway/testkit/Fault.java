package dev.gangway.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** One damage that is to be done while a certain message is on its way, and whether it has been done. */
final class Fault {
    private final AtomicInteger left;
    private final Moment moment;
    private final Damage damage;
    private final CountDownLatch over = new CountDownLatch(1);

    Fault(int message, Moment moment, Damage damage) {
        this.left = new AtomicInteger(message);
        this.moment = moment;
        this.damage = damage;
    }

    Moment moment() {
        return moment;
    }

    boolean isDueFor(FrontendMessage message) {
        return !message.isCancelRequest() && left.decrementAndGet() == 0;
    }

    void strike(TcpProxy proxy, ProxySession session) {
        try {
            damage.strike(proxy, session);
        } finally {
            over.countDown();
        }
    }

    boolean isOver() throws InterruptedException {
        if (left.get() > 0) {
            return false;
        }
        over.await();
        return true;
    }
}
