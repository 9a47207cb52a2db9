package dev.gangway.search;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Search;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.pgvector.VectorType;
import dev.gangway.pgvector.VectorTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * What {@code gangway.search} asks for on one target. Thread-safe.
 *
 * <p>Nothing of this package is loaded where it is off, nor Byte Buddy and HdrHistogram, which only this needs.
 */
public final class Searches implements AutoCloseable {
    /** More than an application has, unless it writes values into its texts; then old ones make room. */
    private static final int MOST_TEXTS = 1_000;

    /** Longer texts have values written into them, and come once. */
    static final int LONGEST_KEPT = 20_000;

    private final boolean accelerates;
    private final @Nullable Meter meter;
    private final ConcurrentMap<String, PreparedSql> texts = new ConcurrentHashMap<>();

    private Searches(boolean accelerates, @Nullable Meter meter) {
        this.accelerates = accelerates;
        this.meter = meter;
    }

    /**
     * {@return what the settings ask for; null when that is nothing}
     *
     * @param endpoint where measurements may be written to
     * @param loader   where listeners are looked for first; null for the driver's own class loader
     * @throws SQLException GW004 when a library is missing that only this needs
     */
    public static @Nullable Searches of(Settings settings, Endpoint endpoint, @Nullable ClassLoader loader)
            throws SQLException {
        if (settings.search().isEmpty()) {
            return null;
        }
        require("net.bytebuddy.ByteBuddy", "net.bytebuddy:byte-buddy");
        Meter meter = null;
        if (settings.search().contains(Search.MEASURE)) {
            require("org.HdrHistogram.Histogram", "org.hdrhistogram:HdrHistogram");
            meter = Meter.of(endpoint, settings, loader);
        }
        return new Searches(settings.search().contains(Search.ACCELERATE), meter);
    }

    private static void require(String className, String artifact) throws SQLException {
        try {
            Class.forName(className, false, Searches.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    gangway.search is set, and the library that it needs is not on the class path: %1$s.
                      next: add the dependency %1$s, or use the jar whose name ends in -all, which has it inside\
                    """.formatted(artifact));
        }
    }

    /**
     * {@return the connection with what stands around it}
     *
     * @param vector pgvector as the database has it; its types must be known to the connection
     */
    public Connection around(Connection connection, VectorExtension vector) throws SQLException {
        BaseConnection base = connection.unwrap(BaseConnection.class);
        // In simple mode all values are part of the text.
        boolean binary = accelerates && base.getPreferQueryMode() != PreferQueryMode.SIMPLE;
        Set<VectorType> sentInBinary = binary ? VectorTypes.sendInBinary(base, vector) : Set.of();
        try {
            return Forwarding.connection(base, this, sentInBinary);
        } catch (LinkageError e) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    gangway.search is set, and the version of Byte Buddy on the class path cannot do what it needs: %s
                      next: use net.bytebuddy:byte-buddy 1.18.17 or newer, or the jar whose name ends in -all\
                    """.formatted(e), e);
        }
    }

    /** Says how the application has connected last: passwords are read anew for each connection, and may change. */
    public void connectedThrough(Endpoint endpoint) {
        if (meter != null) {
            meter.connectedThrough(endpoint);
        }
    }

    /** {@return what is known of that text} */
    PreparedSql of(String sql) {
        PreparedSql known = texts.get(sql);
        if (known != null) {
            return known;
        }
        PreparedSql found = SqlAnalysis.of(sql);
        if (sql.length() <= LONGEST_KEPT) {
            if (texts.size() >= MOST_TEXTS) {
                texts.clear();
            }
            texts.put(sql, found);
        }
        return found;
    }

    /** {@return what takes note of searches; null when they are not measured} */
    @Nullable
    Meter meter() {
        return meter;
    }

    /** Ends what runs beside the application, and takes back what was made known. */
    @Override
    public void close() {
        if (meter != null) {
            meter.close();
        }
    }
}
