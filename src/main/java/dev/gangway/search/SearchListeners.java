package dev.gangway.search;

import dev.gangway.SearchListener;
import dev.gangway.SearchListener.Search;
import dev.gangway.internal.Seldom;
import dev.gangway.internal.Services;
import java.lang.ref.WeakReference;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application's listeners of one target's searches. Thread-safe. */
final class SearchListeners {
    private static final Logger LOG = LoggerFactory.getLogger(SearchListeners.class);

    /**
     * Who holds the listeners: their own classes. A driver that several web applications share lives longer than they do,
     * and must not keep an application in memory that has been undeployed.
     */
    private static final ClassValue<List<SearchListener>> HELD = new ClassValue<>() {
        @Override
        protected List<SearchListener> computeValue(Class<?> type) {
            return new CopyOnWriteArrayList<>();
        }
    };

    /** Set on a thread that is in a listener just now. */
    private static final ThreadLocal<@Nullable Boolean> INSIDE = new ThreadLocal<>();

    private final String target;
    private final List<WeakReference<SearchListener>> listeners = new CopyOnWriteArrayList<>();
    private final Seldom failures = new Seldom(Duration.ofMinutes(1));

    private SearchListeners(String target, List<SearchListener> found) {
        this.target = target;
        List<WeakReference<SearchListener>> references = new ArrayList<>();
        for (SearchListener listener : found) {
            HELD.get(listener.getClass()).add(listener);
            references.add(new WeakReference<>(listener));
        }
        listeners.addAll(references);
    }

    /** {@return the listeners that are declared as services} */
    static SearchListeners find(String target, @Nullable ClassLoader loader) {
        return new SearchListeners(
                target,
                Services.load(
                        SearchListener.class,
                        loader,
                        e -> LOG.warn(
                                "{} - a listener cannot be loaded and is left out: {}", target, e.getMessage(), e)));
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void searched(SearchQuery query, long nanos, int rows, int k, @Nullable SQLException failure) {
        if (INSIDE.get() != null) {
            return;
        }
        INSIDE.set(true);
        try {
            Search search = new Search(
                    target, query.operator(), query.table(), query.fingerprint(), query.sql(), nanos, rows, k, failure);
            boolean gone = false;
            for (WeakReference<SearchListener> reference : listeners) {
                SearchListener listener = reference.get();
                if (listener == null) {
                    gone = true;
                } else {
                    tell(listener, search);
                }
            }
            if (gone) {
                listeners.removeIf(reference -> reference.get() == null);
            }
        } finally {
            INSIDE.remove();
        }
    }

    private void tell(SearchListener listener, Search search) {
        try {
            listener.searched(search);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            if (failures.isDue()) {
                LOG.warn(
                        "{} - the listener {} has failed and is passed over; further failures within a minute are not"
                                + " logged: {}",
                        target,
                        listener,
                        e.toString(),
                        e);
            }
        }
    }

    void close() {
        for (WeakReference<SearchListener> reference : listeners) {
            SearchListener listener = reference.get();
            if (listener != null) {
                HELD.get(listener.getClass()).remove(listener);
            }
        }
        listeners.clear();
    }
}
