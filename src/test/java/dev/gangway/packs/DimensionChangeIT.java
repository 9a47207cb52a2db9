package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.Await.BooleanSupplierThrowing;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dimension of a filled table is changed while applications of the old and of the new model write and search. */
class DimensionChangeIT {
    private static final EmbeddingModel OLD = new EmbeddingModel(8);
    private static final EmbeddingModel NEW = new EmbeddingModel(12);
    private static final int DOCUMENTS = 20;
    private static final int CHUNKS = 20;
    private static final String LAGGING =
            "select id from jobs where status = 'pending' and priority = 0 offset 5 limit 1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Pack pack;
    private final Map<String, String> written = new ConcurrentSkipListMap<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();

    private boolean reading;
    private volatile EmbeddingModel writersModel = OLD;
    private volatile EmbeddingModel readersModel = OLD;
    private volatile boolean stop;
    private volatile boolean stopOld;

    @BeforeEach
    void fill() throws SQLException {
        pack = SheratanStoreDimensionIT.store("8", "12").with("gangway.placeholders.ivfflatRows=20");
        pack.migrate("gangway.target=15");
        pack.execute("insert into documents (title, content, source) select 'd' || i, 'text', 's' || i"
                + " from generate_series(1, " + DOCUMENTS + ") i");
        try (Connection connection = pack.database().connect()) {
            for (int document = 1; document <= DOCUMENTS; document++) {
                for (int place = 0; place < CHUNKS / 2; place++) {
                    store(connection, document, place, "first text of " + document + "/" + place);
                }
            }
        }
        pack.migrate("gangway.target=15");
    }

    @AfterEach
    void close() throws SQLException {
        stop = true;
        threads.shutdownNow();
        pack.close();
    }

    @Test
    void noWriteIsLostAndNoSearchFails() throws Exception {
        start(this::write);
        start(this::read);
        reading = true;
        start(() -> work(NEW, "new-1"));
        start(() -> work(NEW, "new-2"));
        start(() -> work(OLD, "old-1"));
        goOn("as before");

        pack.migrate("gangway.target=102");
        goOn("with a second column");
        pack.migrate("gangway.target=103");
        goOn("while jobs are worked off");
        Await.until("the index is built", PATIENCE, () -> migratesTo("104"));
        goOn("with a second index");
        Await.until("the columns are switched", PATIENCE, () -> migratesTo("105"));
        goOn("with the old model after the switch");
        readersModel = NEW;
        goOn("with a reader of the new model and a writer of the old one");
        writersModel = NEW;
        goOn("with the new model only");
        stopOld = true;
        pack.migrate("gangway.placeholders.dropOldDimension=true");
        assertThat(pack.history()).contains("106 applied");
        goOn("after the old embeddings are gone");

        stop = true;
        for (Future<?> thread : running) {
            thread.get();
        }
        try (Connection connection = pack.database().connect()) {
            NEW.workAll(connection);
        }
        assertEveryChunkHasTheEmbeddingOfItsLastText("document_chunks", NEW);
        assertThat(pack.ask("select format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = 'document_chunks'::regclass and attname = 'embedding'"))
                .isEqualTo("vector(12)");
        assertThat(pack.with("gangway.placeholders.vectorDimension=12")
                        .gangway()
                        .validate()
                        .valid())
                .isTrue();
    }

    /** The old embeddings have been made up for all the time, so that an application that is rolled back finds them. */
    @Test
    void untilTheOldEmbeddingsAreDroppedAllOfThemAreKeptRightToo() throws Exception {
        pack.migrate("gangway.target=103");
        start(this::write);
        start(() -> work(NEW, "new-1"));
        start(() -> work(OLD, "old-1"));
        Await.until("the columns are switched", PATIENCE, () -> migratesTo("105"));
        goOn("with the old model");
        writersModel = NEW;
        goOn("with the new model");
        stop = true;
        for (Future<?> thread : running) {
            thread.get();
        }

        try (Connection connection = pack.database().connect()) {
            OLD.workAll(connection);
            NEW.workAll(connection);
        }
        assertEveryChunkHasTheEmbeddingOfItsLastText("document_chunks_8", OLD);
        assertEveryChunkHasTheEmbeddingOfItsLastText("document_chunks_12", NEW);
    }

    private void start(Callable<?> work) {
        running.add(threads.submit(work));
    }

    /** A thread that has failed ends the wait at once. */
    private void goOn(String when) {
        int writesBefore = writes.get();
        int readsBefore = reads.get();
        until(
                "writes and reads went on " + when,
                () -> writes.get() > writesBefore + 20 && (!reading || reads.get() > readsBefore + 20));
    }

    private void until(String what, BooleanSupplierThrowing condition) {
        Await.until(what, PATIENCE, () -> {
            for (Future<?> thread : running) {
                if (thread.isDone() && !stop && !stopOld) {
                    thread.get();
                    throw new AssertionError("a thread has ended");
                }
            }
            return condition.getAsBoolean();
        });
    }

    private boolean migratesTo(String version) throws SQLException {
        pack.migrate("gangway.target=" + version, "gangway.placeholders.missingEmbeddings=20");
        return pack.history().contains(version + " applied");
    }

    /** Faster than the workers it is not: how far they may lag behind is not what is tested here. */
    private Void write() throws SQLException {
        Random random = new Random(1);
        try (Connection connection = pack.database().connect()) {
            for (int n = 0; !stop; n++) {
                int document = 1 + random.nextInt(DOCUMENTS);
                int place = random.nextInt(CHUNKS);
                store(connection, document, place, "text " + n + " of " + document + "/" + place);
                writes.incrementAndGet();
                while (!stop && Sql.ask(connection, LAGGING) != null) {
                    Thread.onSpinWait();
                }
            }
        }
        return null;
    }

    private void store(Connection connection, int document, int place, String text) throws SQLException {
        Sql.ask(
                connection,
                "select store_chunk(%d, %d, '%s', '%s')".formatted(document, place, text, writersModel.embed(text)));
        written.put(document + "/" + place, text);
    }

    private Void read() throws SQLException {
        try (Connection connection = pack.database().connect()) {
            while (!stop) {
                String question = readersModel.embed("question " + reads.get());
                try (PreparedStatement search =
                        connection.prepareStatement("select chunk_id from search_chunks(?::vector, 10)")) {
                    search.setString(1, question);
                    try (ResultSet rows = search.executeQuery()) {
                        int found = 0;
                        while (rows.next()) {
                            found++;
                        }
                        assertThat(found)
                                .as("search %s with %s", reads, readersModel)
                                .isEqualTo(10);
                    }
                }
                reads.incrementAndGet();
            }
        }
        return null;
    }

    private Void work(EmbeddingModel model, String worker) throws SQLException {
        try (Connection connection = pack.database().connect()) {
            while (!stop && !(stopOld && model.equals(OLD))) {
                if (!model.work(connection, worker)) {
                    Thread.onSpinWait();
                }
            }
        }
        return null;
    }

    private void assertEveryChunkHasTheEmbeddingOfItsLastText(String chunks, EmbeddingModel model) throws SQLException {
        Map<String, String> stored = new TreeMap<>();
        try (Connection connection = pack.database().connect();
                Connection other = pack.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select d.id || '/' || c.chunk_index, c.content,"
                        + " c.embedding::text from " + chunks + " c join documents d on d.id = c.document_id")) {
            while (rows.next()) {
                stored.put(rows.getString(1), rows.getString(2));
                assertThat(rows.getString(3))
                        .as(rows.getString(2))
                        .isEqualTo(Sql.ask(other, "select '" + model.embed(rows.getString(2)) + "'::vector::text"));
            }
        }
        assertThat(stored).isEqualTo(written);
    }
}
