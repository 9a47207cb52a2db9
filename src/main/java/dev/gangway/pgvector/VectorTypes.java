package dev.gangway.pgvector;

import com.pgvector.PGbit;
import com.pgvector.PGhalfvec;
import com.pgvector.PGsparsevec;
import com.pgvector.PGvector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;
import org.postgresql.util.PGobject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes pgvector's types known to a connection without asking the server.
 *
 * <p>{@link PGvector#registerTypes} looks up each type on each connection, three round trips. Here the OIDs come from the
 * check that the driver sends anyway, and are put into pgjdbc's type cache before the types are registered, so that
 * registering finds them there. Values of {@code vector} and {@code sparsevec} then travel in binary both ways.
 */
public final class VectorTypes {
    private static final Logger LOG = LoggerFactory.getLogger(VectorTypes.class);

    private static final Map<String, Class<? extends PGobject>> CLASSES =
            Map.of("vector", PGvector.class, "halfvec", PGhalfvec.class, "sparsevec", PGsparsevec.class);

    private VectorTypes() {}

    /**
     * Registers the types on a connection that has not looked any of them up yet: pgjdbc remembers for the life of a
     * connection that a type does not exist.
     */
    public static void register(Connection connection, VectorExtension extension) throws SQLException {
        try {
            BaseConnection base = connection.unwrap(BaseConnection.class);
            TypeInfo cache = base.getTypeInfo();
            for (VectorExtension.Type type : extension.types()) {
                Class<? extends PGobject> javaClass = CLASSES.get(type.name());
                if (javaClass != null) {
                    cache.addCoreType(type.name(), type.oid(), Types.OTHER, javaClass.getName(), type.arrayOid());
                    base.addDataType(type.name(), javaClass);
                }
            }
            // Only the class: registering bit on the connection would switch the core type bit to binary, in which
            // pgjdbc can no longer read it as a boolean.
            cache.addDataType("bit", PGbit.class);
        } catch (LinkageError e) {
            // The type cache is pgjdbc's own; a version that changed it still has the slow way.
            LOG.debug("this version of pgjdbc has another type cache; looking the types up", e);
            PGvector.registerTypes(connection);
        }
    }

    /**
     * {@return the types whose {@link BinaryVector}s the connection sends in binary} For {@code halfvec} that holds from now
     * on; pgvector's own class for it knows text only, and goes on sending that.
     *
     * @param connection one on which the types are registered
     */
    public static Set<VectorType> sendInBinary(BaseConnection connection, VectorExtension extension) {
        Set<VectorType> sent = EnumSet.noneOf(VectorType.class);
        for (VectorExtension.Type type : extension.types()) {
            VectorType known = VectorType.ofName(type.name());
            if (known == null) {
                continue;
            }
            if (known == VectorType.HALFVEC) {
                connection.getQueryExecutor().addBinarySendOid(type.oid());
            }
            if (connection.binaryTransferSend(type.oid())) {
                sent.add(known);
            }
        }
        return sent;
    }
}
