package dev.gangway.search;

import com.pgvector.PGvector;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Version;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Array;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.cfg.Configuration;
import org.hibernate.type.SqlTypes;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application on HikariCP, Hibernate with its vector module, and Spring's JdbcTemplate, which all work on the same tables. It
 * writes down what it gets.
 */
final class LibraryApplication implements AutoCloseable {
    static final String TABLES = """
            create extension vector;
            create sequence book_seq increment 10;
            create table book (id bigint primary key, version int not null, title text, embedding vector(3));
            create table note (id bigint generated always as identity primary key, text text, embedding vector(3));
            """;

    private static final String NEAREST =
            "select title || ' ' || round((embedding <-> ?::vector)::numeric, 4) from book"
                    + " where embedding is not null order by embedding <-> ?::vector, id limit ?";

    /** What is searched for in a library. */
    @Entity(name = "Book")
    static class Book {
        @Id
        @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "book_seq")
        @SequenceGenerator(name = "book_seq", allocationSize = 10)
        Long id;

        @Version
        int version;

        String title;

        @JdbcTypeCode(SqlTypes.VECTOR)
        @Array(length = 3)
        float[] embedding;

        Book() {}

        Book(String title, float... embedding) {
            this.title = title;
            this.embedding = embedding;
        }
    }

    /** Gets its key from the server when it is inserted. */
    @Entity(name = "Note")
    static class Note {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        Long id;

        String text;

        @JdbcTypeCode(SqlTypes.VECTOR)
        @Array(length = 3)
        float[] embedding;
    }

    private final HikariDataSource pool;
    private final SessionFactory sessions;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final List<String> got = new ArrayList<>();

    /** How many statements it has had executed that are searches. */
    private int searches;

    LibraryApplication(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        // So that what is asked about the session is asked of the one that has worked.
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        Configuration hibernate =
                new Configuration().addAnnotatedClass(Book.class).addAnnotatedClass(Note.class);
        hibernate.getProperties().put("jakarta.persistence.nonJtaDataSource", pool);
        hibernate.setProperty("hibernate.jdbc.batch_size", "10");
        sessions = hibernate.buildSessionFactory();
        jdbc = new JdbcTemplate(pool);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    }

    List<String> got() {
        return got;
    }

    int searches() {
        return searches;
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    @Override
    public void close() {
        sessions.close();
        pool.close();
    }

    /** Does all that it can. */
    void work() {
        insertsWithHibernate();
        searchesWithHibernate();
        changesWithHibernate();
        failsWithHibernate();
        writesWithSpring();
        searchesWithSpring();
        streamsWithSpring();
        rollsBackWithSpring();
        describesParameters();
        note("books", jdbc.queryForList("select id, version, title, embedding::text from book order by id"));
        note("notes", jdbc.queryForList("select id, text, embedding::text from note order by id"));
    }

    private void note(String what, Object got) {
        this.got.add(what + ": " + got);
    }

    private <T> T search(Supplier<T> search) {
        searches++;
        return search.get();
    }

    private void insertsWithHibernate() {
        sessions.inTransaction(session -> {
            for (int i = 0; i < 25; i++) {
                session.persist(new Book("book " + i, i, 0.1f, 25 - i));
            }
            session.persist(new Book("without a vector", (float[]) null));
        });
        sessions.inTransaction(session -> {
            Note note = new Note();
            note.text = "keys";
            note.embedding = new float[] {1, 2, 3};
            session.persist(note);
            note("key of the note", note.id);
        });
    }

    private void searchesWithHibernate() {
        float[] question = {3, 0.1f, 1e-5f};
        sessions.inTransaction(session -> {
            for (String distance : List.of("cosine_distance", "l2_distance", "inner_product")) {
                for (int first : new int[] {0, 1, 2}) {
                    note(distance, search(() -> nearest(session, distance, question, first)));
                }
            }
            // Hibernate calls a function for it instead of writing the operator, and so no index is used, and nothing
            // measured.
            note("l1_distance", nearest(session, "l1_distance", question, 0));
            note("native with a text", search(() -> session.createNativeQuery(
                            "select title from book order by embedding <=> ?::vector, id limit ?", String.class)
                    .setParameter(1, "[3,0.1,0]")
                    .setParameter(2, 4)
                    .getResultList()));
            note("native with an array", search(() -> session.createNativeQuery(
                            "select id from book where embedding <-> cast(:v as vector) < 9 order by id", Long.class)
                    .setParameter("v", question)
                    .getResultList()));
            try (Stream<String> titles = search(() -> session.createQuery(
                            "select b.title from Book b order by l2_distance(b.embedding, :v), b.id", String.class)
                    .setParameter("v", question)
                    .setFetchSize(4)
                    .getResultStream())) {
                note("stream", titles.limit(11).toList());
            }
            note("count", search(() -> session.createQuery(
                            "select count(*) from Book b where cosine_distance(b.embedding, :v) < 0.5", Long.class)
                    .setParameter("v", question)
                    .getSingleResult()));
        });
    }

    private static List<String> nearest(Session session, String distance, float[] question, int first) {
        return session
                .createQuery(
                        "select b, %1$s(b.embedding, :v) from Book b where b.embedding is not null order by %1$s(b.embedding, :v), b.id"
                                .formatted(distance),
                        Object[].class)
                .setParameter("v", question)
                .setFirstResult(first)
                .setMaxResults(3)
                .getResultList()
                .stream()
                .map(row -> ((Book) row[0]).title + " " + Arrays.toString(((Book) row[0]).embedding) + " " + row[1])
                .toList();
    }

    private void changesWithHibernate() {
        sessions.inTransaction(session -> {
            Book book = session.find(Book.class, 1L);
            book.embedding = new float[] {9, 9, 9};
            session.find(Book.class, 2L).embedding = null;
            session.remove(session.find(Book.class, 3L));
            session.flush();
            session.refresh(book);
            note("refreshed", Arrays.toString(book.embedding));
            note(
                    "updated",
                    session.createMutationQuery("update Book b set b.embedding = :v where b.id in (4, 5)")
                            .setParameter("v", new float[] {0.1f, 0.2f, 0.3f})
                            .executeUpdate());
            note(
                    "updated to null",
                    session.createMutationQuery("update Book b set b.embedding = :v where b.id = 6")
                            .setParameter("v", null)
                            .executeUpdate());
        });
        try (Session session = sessions.openSession()) {
            session.beginTransaction();
            session.persist(new Book("rolled back", 1, 1, 1));
            session.flush();
            session.getTransaction().rollback();
        }
    }

    private void failsWithHibernate() {
        fails(
                "too few numbers in a search",
                () -> sessions.fromTransaction(
                        session -> search(() -> nearest(session, "l2_distance", new float[] {1, 2}, 0))));
        fails(
                "too few numbers in a batch",
                () -> sessions.fromTransaction(session -> {
                    session.persist(new Book("right", 1, 2, 3));
                    session.persist(new Book("wrong", 1, 2));
                    session.flush();
                    return null;
                }));
    }

    private void fails(String what, Supplier<?> call) {
        try {
            note(what, call.get());
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null && !(cause instanceof SQLException)) {
                cause = cause.getCause();
            }
            String state = cause instanceof SQLException sql ? sql.getSQLState() : "";
            // Of a vector in binary pgjdbc cannot show the numbers when it says which statement of a batch failed.
            note(
                    what,
                    e.getClass() + " " + cause.getClass() + " " + state + " "
                            + cause.getMessage().replaceAll("\\('\\[[^\\]]*\\]'\\)", "?"));
        }
    }

    private void writesWithSpring() {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rows.add(new Object[] {1_000 + i, "spring " + i, i % 4 == 0 ? null : "[" + i + ",1,1]"});
        }
        note(
                "batch",
                Arrays.toString(jdbc.batchUpdate(
                        "insert into book (id, version, title, embedding) values (?, 0, ?, ?::vector)", rows)));
        note(
                "batch of vectors",
                Arrays.deepToString(jdbc.batchUpdate(
                        "insert into book (id, version, title, embedding) values (?, 0, 'PGvector', ?)",
                        List.of(2_000, 2_001, 2_002),
                        2,
                        (statement, id) -> {
                            statement.setInt(1, id);
                            statement.setObject(2, new PGvector(new float[] {id, 0, 1}));
                        })));
        GeneratedKeyHolder keys = new GeneratedKeyHolder();
        jdbc.update(
                connection -> {
                    PreparedStatement insert = connection.prepareStatement(
                            "insert into note (text, embedding) values (?, ?::vector)", new String[] {"id", "text"});
                    insert.setString(1, "with a key");
                    insert.setObject(2, new float[] {4, 5, 6});
                    return insert;
                },
                keys);
        note("keys", keys.getKeys());
        note(
                "key",
                new SimpleJdbcInsert(pool)
                        .withTableName("note")
                        .usingColumns("text", "embedding")
                        .usingGeneratedKeyColumns("id")
                        .executeAndReturnKey(
                                Map.of("text", "simple", "embedding", new PGvector(new float[] {7, 8, 9}))));
        note("null", jdbc.update("update book set embedding = ?::vector where id = ?", null, 1_001));
        note(
                "typed null",
                jdbc.update(
                        "update book set embedding = ?::vector where id = ?",
                        new SqlParameterValue(Types.VARCHAR, null),
                        1_002));
    }

    private void searchesWithSpring() {
        List<Object> questions = List.of(
                "[1,2,3]",
                new SqlParameterValue(Types.OTHER, "[1,2,3]"),
                new SqlParameterValue(Types.VARCHAR, "[1,2,3]"),
                new PGvector(new float[] {1, 2, 3}),
                new float[] {1, 2, 3});
        for (Object question : questions) {
            for (int k = 1; k <= 3; k++) {
                int wanted = k;
                note("nearest", search(() -> jdbc.queryForList(NEAREST, String.class, question, question, wanted)));
            }
        }
        note("named", search(() -> new NamedParameterJdbcTemplate(jdbc)
                .queryForList(
                        "select title from book where id in (:ids) order by embedding <=> (:v)::vector, id",
                        Map.of("ids", List.of(7, 8, 9, 1_003), "v", "[1,0,0]"),
                        String.class)));
        fails("no vector", () -> search(() -> jdbc.queryForList(NEAREST, String.class, "[1,2", "[1,2", 1)));
        fails(
                "no cast",
                () -> search(() -> jdbc.queryForList(
                        "select title from book order by embedding <-> ? limit 1", String.class, "[1,2,3]")));
    }

    private void streamsWithSpring() {
        jdbc.setFetchSize(5);
        transactions.executeWithoutResult(status -> {
            try (Stream<String> titles = search(
                    () -> jdbc.queryForStream(NEAREST, (row, number) -> row.getString(1), "[5,1,1]", "[5,1,1]", 100))) {
                note("stream", titles.limit(13).toList());
            }
        });
        jdbc.setFetchSize(-1);
    }

    private void rollsBackWithSpring() {
        transactions.executeWithoutResult(status -> {
            note(
                    "deleted",
                    search(() -> jdbc.update("delete from book where embedding <-> ?::vector < 20", "[5,1,1]")));
            note("left", jdbc.queryForObject("select count(*) from book", Integer.class));
            Object savepoint = status.createSavepoint();
            fails("inside", () -> search(() -> jdbc.queryForList(NEAREST, String.class, "[1]", "[1]", 1)));
            status.rollbackToSavepoint(savepoint);
            note(
                    "after the savepoint",
                    search(() -> jdbc.queryForList(NEAREST, String.class, "[1,1,1]", "[1,1,1]", 1)));
            status.setRollbackOnly();
        });
    }

    private void describesParameters() {
        note("parameters", jdbc.execute((ConnectionCallback<String>) LibraryApplication::parameters));
    }

    private static String parameters(Connection connection) throws SQLException {
        StringBuilder types = new StringBuilder();
        try (PreparedStatement update = connection.prepareStatement(
                "update book set embedding = ?::vector where id = ?", Statement.NO_GENERATED_KEYS)) {
            for (int round = 0; round < 2; round++) {
                ParameterMetaData parameters = update.getParameterMetaData();
                for (int number = 1; number <= parameters.getParameterCount(); number++) {
                    types.append(parameters.getParameterTypeName(number)).append(' ');
                    update.setNull(number, parameters.getParameterType(number));
                }
                types.append(update.executeUpdate()).append(' ');
                update.setString(1, "[1,2,3]");
            }
        }
        return types.toString();
    }
}
