package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gangway.SearchMXBean.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SearchStatisticsTest {
    private static final Percentage ONE_PER_CENT = Percentage.withPercentage(1);

    private final SearchStatistics statistics = new SearchStatistics();

    @Test
    void percentilesAreRightToOnePerCent() {
        for (int micros = 1; micros <= 100_000; micros++) {
            took("f", micros);
        }

        assertThat(statistics.getP50Micros()).isCloseTo(50_000, ONE_PER_CENT);
        assertThat(statistics.getP90Micros()).isCloseTo(90_000, ONE_PER_CENT);
        assertThat(statistics.getP95Micros()).isCloseTo(95_000, ONE_PER_CENT);
        assertThat(statistics.getP99Micros()).isCloseTo(99_000, ONE_PER_CENT);
        assertThat(statistics.getP999Micros()).isCloseTo(99_900, ONE_PER_CENT);
        assertThat(statistics.getMaxMicros()).isCloseTo(100_000, ONE_PER_CENT);
        assertThat(statistics.getMeanMicros()).isCloseTo(50_000, ONE_PER_CENT);
        assertThat(statistics.getCount()).isEqualTo(100_000);
    }

    @Test
    void withoutAnySearchEverythingIsZero() {
        assertThat(statistics.getCount()).isZero();
        assertThat(statistics.getP99Micros()).isZero();
        assertThat(statistics.getMaxMicros()).isZero();
        assertThat(statistics.getMeanMicros()).isZero();
        assertThat(statistics.getStatements()).isEmpty();
    }

    @Test
    void failedSearchesAreCountedButTheirTimesAreNot() {
        took("f", 1_000);
        SearchQuery query = query("f");
        statistics
                .of(query)
                .searched(5, SearchQuery.UNKNOWN, SearchQuery.UNKNOWN, new SQLException("the table is gone"));

        assertThat(statistics.getCount()).isEqualTo(2);
        assertThat(statistics.getFailures()).isEqualTo(1);
        assertThat(statistics.getP50Micros()).isCloseTo(1_000, ONE_PER_CENT);
    }

    @Test
    void whatTakesLongerThanAnHourCountsAsAnHour() {
        took("f", TimeUnit.DAYS.toMicros(2));

        assertThat(statistics.getMaxMicros()).isCloseTo(TimeUnit.HOURS.toMicros(1), ONE_PER_CENT);
    }

    @Test
    void eachStatementHasNumbersOfItsOwn() {
        statistics.of(query("a")).searched(2_000_000, 10, 20, null);
        statistics.of(query("a")).searched(2_000_000, 5, SearchQuery.UNKNOWN, null);
        statistics.of(query("b")).searched(9_000_000, SearchQuery.UNKNOWN, SearchQuery.UNKNOWN, null);

        Statement a = statement("a");
        assertThat(a.getSql()).isEqualTo("select a");
        assertThat(a.getOperator()).isEqualTo("<=>");
        assertThat(a.getTable()).isEqualTo("item");
        assertThat(a.getCount()).isEqualTo(2);
        assertThat(a.getRows()).isEqualTo(15);
        assertThat(a.getK()).isEqualTo(20);
        assertThat(a.getP99Micros()).isCloseTo(2_000, ONE_PER_CENT);
        assertThat(statement("b").getK()).isEqualTo(-1);
        assertThat(statement("b").getRows()).isZero();
        assertThat(statistics.getRows()).isEqualTo(15);
        assertThat(statistics.getMaxMicros()).isCloseTo(9_000, ONE_PER_CENT);
    }

    @Test
    void moreThanAHundredStatementsAreSummedUpAsOthers() {
        for (int i = 0; i < 103; i++) {
            took("f" + i, 1_000);
        }
        took("f0", 1_000);
        took("f102", 1_000);

        List<Statement> statements = statistics.getStatements();
        assertThat(statements).hasSize(101);
        assertThat(statements.get(100).getFingerprint()).isEqualTo("others");
        assertThat(statements.get(100).getCount()).isEqualTo(4);
        assertThat(statement("f0").getCount()).isEqualTo(2);
        assertThat(statistics.getCount()).isEqualTo(105);
    }

    @Test
    void aResetForgetsAllNumbersAndStatements() {
        took("f", 1_000);
        statistics.written(1);
        statistics.dropped(1);

        statistics.reset();

        assertThat(statistics.getCount() + statistics.getWritten() + statistics.getDropped())
                .isZero();
        assertThat(statistics.getStatements()).isEmpty();
        took("g", 1_000);
        assertThat(statistics.getCount()).isEqualTo(1);
    }

    @Test
    void noSearchIsLostWhenManyThreadsSearch() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            threads.add(new Thread(() -> IntStream.range(0, 10_000).forEach(i -> took("f" + i % 120, 100))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(statistics.getCount()).isEqualTo(80_000);
        assertThat(statistics.getMeanMicros()).isCloseTo(100, within(1.0));
        assertThat(statistics.getStatements()).hasSize(101);
    }

    private void took(String fingerprint, long micros) {
        statistics.of(query(fingerprint)).searched(TimeUnit.MICROSECONDS.toNanos(micros), 1, SearchQuery.UNKNOWN, null);
    }

    private Statement statement(String fingerprint) {
        return statistics.getStatements().stream()
                .filter(each -> each.getFingerprint().equals(fingerprint))
                .findFirst()
                .orElseThrow();
    }

    private static SearchQuery query(String fingerprint) {
        return new SearchQuery("select " + fingerprint, "<=>", "item", SearchQuery.UNKNOWN, 0, fingerprint);
    }
}
