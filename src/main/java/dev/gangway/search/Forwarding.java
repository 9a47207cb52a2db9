package dev.gangway.search;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.isDefaultMethod;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;

import dev.gangway.pgvector.VectorType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.util.Set;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.MethodCall;
import net.bytebuddy.matcher.ElementMatcher;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;

/**
 * Makes the classes of what stands around pgjdbc's objects, when this class is first used: to each abstract class of this
 * package a subclass in which every method of its interfaces that is not written there calls the same method of the object in
 * the field. That costs nothing that could be measured, and whatever methods the versions at hand of Java and of pgjdbc have,
 * none is missing: also those with a default, behind which the driver's own would be hidden.
 */
final class Forwarding {
    /** Methods of interfaces that nobody has written yet. */
    private static final ElementMatcher.Junction<MethodDescription> OPEN =
            isAbstract().or(isDefaultMethod());

    private static final ElementMatcher.Junction<MethodDescription> OF_PGJDBC =
            isDeclaredBy(BaseStatement.class).or(isDeclaredBy(PGStatement.class));

    /** They bind a parameter, and so what was remembered of it does not hold any more. */
    private static final ElementMatcher.Junction<MethodDescription> BINDS =
            isDeclaredBy(PreparedStatement.class).and(nameStartsWith("set")).and(takesArgument(0, int.class));

    private static final MethodHandle CONNECTION;
    private static final MethodHandle META_DATA;
    private static final MethodHandle STATEMENT;
    private static final MethodHandle CALL;

    static {
        CONNECTION = constructor(
                subclass(SearchConnection.class).method(OPEN).intercept(to("delegate")),
                SearchConnection.class,
                BaseConnection.class,
                Searches.class,
                Set.class);
        META_DATA = constructor(
                subclass(SearchMetaData.class).method(OPEN).intercept(to("delegate")),
                SearchMetaData.class,
                DatabaseMetaData.class,
                SearchConnection.class);
        STATEMENT = constructor(
                statement(SearchStatement.class),
                SearchStatement.class,
                PreparedStatement.class,
                SearchConnection.class,
                PreparedSql.class,
                Searches.class);
        CALL = constructor(
                statement(SearchCall.class)
                        .method(OPEN.and(isDeclaredBy(CallableStatement.class)))
                        .intercept(to("call")),
                SearchCall.class,
                CallableStatement.class,
                SearchConnection.class,
                PreparedSql.class,
                Searches.class);
    }

    private Forwarding() {}

    /** {@return what stands around the connection} */
    static SearchConnection connection(BaseConnection delegate, Searches searches, Set<VectorType> sentInBinary) {
        try {
            return (SearchConnection) CONNECTION.invokeExact(delegate, searches, sentInBinary);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@return what stands around the facts about the database} */
    static DatabaseMetaData metaData(DatabaseMetaData delegate, SearchConnection connection) {
        try {
            return (SearchMetaData) META_DATA.invokeExact(delegate, connection);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@return what stands around the statement} */
    static PreparedStatement statement(
            PreparedStatement delegate, SearchConnection connection, PreparedSql sql, Searches searches) {
        try {
            return (SearchStatement) STATEMENT.invokeExact(delegate, connection, sql, searches);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@return what stands around the statement} */
    static CallableStatement call(
            CallableStatement delegate, SearchConnection connection, PreparedSql sql, Searches searches) {
        try {
            return (SearchCall) CALL.invokeExact(delegate, connection, sql, searches);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static <T> DynamicType.Builder<T> subclass(Class<T> type) {
        return new ByteBuddy()
                .subclass(type, ConstructorStrategy.Default.IMITATE_SUPER_CLASS)
                .name(type.getName() + "$Forwarding");
    }

    /** Later rules win. */
    private static <T> DynamicType.Builder<T> statement(Class<T> type) {
        return subclass(type)
                .method(OPEN)
                .intercept(to("delegate"))
                .method(OPEN.and(OF_PGJDBC))
                .intercept(to("base"))
                .method(OPEN.and(BINDS))
                .intercept(MethodCall.invoke(forget()).withArgument(0).andThen(to("delegate")));
    }

    private static MethodCall to(String field) {
        return MethodCall.invokeSelf().onField(field).withAllArguments();
    }

    private static Method forget() {
        try {
            return SearchStatement.class.getDeclaredMethod("forget", int.class);
        } catch (NoSuchMethodException e) {
            throw new LinkageError("its own method is missing", e);
        }
    }

    /** Defines the class beside its superclass; {@return how to make one, as an object of that superclass} */
    private static <T> MethodHandle constructor(DynamicType.Builder<T> builder, Class<T> type, Class<?>... parameters) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try (DynamicType.Unloaded<T> made = builder.make()) {
            Class<? extends T> loaded = made.load(type.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(lookup))
                    .getLoaded();
            return lookup.findConstructor(loaded, MethodType.methodType(void.class, parameters))
                    .asType(MethodType.methodType(type, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the class around " + type.getSimpleName() + " cannot be made", e);
        }
    }

    /** None of the constructors throws anything. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
