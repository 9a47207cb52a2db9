package dev.gangway.torture;

import dev.gangway.testkit.ChildJvm;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** JVMs that are started ahead, so that nobody waits for them. Thread-safe. */
final class WaitingJvms implements AutoCloseable {
    private final BlockingQueue<ChildJvm> waiting = new LinkedBlockingQueue<>();

    WaitingJvms(int ahead) {
        for (int i = 0; i < ahead; i++) {
            waiting.add(start());
        }
    }

    /** One that waits; it belongs to the caller. */
    ChildJvm take() {
        waiting.add(start());
        return waiting.remove();
    }

    private static ChildJvm start() {
        return ChildJvm.start(Victim.Main.class);
    }

    @Override
    public void close() {
        waiting.forEach(ChildJvm::close);
    }
}
