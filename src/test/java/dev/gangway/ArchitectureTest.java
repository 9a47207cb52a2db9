package dev.gangway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may use which. The same table stands in docs/how-it-works.md. */
class ArchitectureTest {
    private static final String ROOT = "dev.gangway";

    /**
     * What each package uses of the others. Everybody's are the leaves {@link GangwayException}, {@link GateMXBean},
     * {@link JavaMigration}, {@link MigrationListener}, {@link SearchListener} and {@link SearchMXBean}.
     */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("", Set.of("command", "config", "gate", "report")),
            Map.entry(
                    "command",
                    Set.of(
                            "adopt",
                            "backup",
                            "catalog",
                            "config",
                            "event",
                            "execute",
                            "history",
                            "internal",
                            "leader",
                            "lock",
                            "migration",
                            "pgjdbc",
                            "plan",
                            "report",
                            "sql")),
            // Of the commands it knows only the records that hold their options.
            Map.entry("cli", Set.of("", "command", "config", "internal", "migration", "report")),
            // It reaches the gate by name, in another class loader.
            Map.entry("agent", Set.of()),
            Map.entry("report", Set.of()),
            Map.entry("adopt", Set.of("config", "history", "internal", "leader", "migration", "pgjdbc", "plan", "sql")),
            Map.entry(
                    "gate",
                    Set.of(
                            "adopt",
                            "catalog",
                            "config",
                            "event",
                            "execute",
                            "history",
                            "internal",
                            "leader",
                            "lock",
                            "migration",
                            "pgjdbc",
                            "pgvector",
                            "plan",
                            "search")),
            Map.entry(
                    "execute",
                    Set.of(
                            "adopt",
                            "backup",
                            "config",
                            "event",
                            "history",
                            "internal",
                            "leader",
                            "lock",
                            "migration",
                            "pgjdbc",
                            "pgvector",
                            "plan",
                            "sql")),
            Map.entry("event", Set.of("internal")),
            Map.entry("leader", Set.of("config", "event", "history", "internal", "lock", "pgjdbc")),
            Map.entry("plan", Set.of("config", "history", "migration", "sql")),
            Map.entry("lock", Set.of("pgjdbc")),
            Map.entry("backup", Set.of("internal", "pgjdbc")),
            Map.entry("history", Set.of("migration", "pgjdbc", "pgvector", "sql")),
            Map.entry("catalog", Set.of("internal", "migration", "sql")),
            Map.entry("migration", Set.of("internal", "sql")),
            Map.entry("config", Set.of("internal")),
            Map.entry("search", Set.of("config", "internal", "pgjdbc", "pgvector", "sql")),
            Map.entry("pgjdbc", Set.of()),
            Map.entry("pgvector", Set.of()),
            Map.entry("sql", Set.of()),
            Map.entry("internal", Set.of()));

    /** What these packages use of pgjdbc; all others know java.sql only. */
    private static final Map<String, Set<String>> PGJDBC = Map.of(
            "pgjdbc", Set.of("org.postgresql", "org.postgresql.core", "org.postgresql.jdbc", "org.postgresql.util"),
            "pgvector", Set.of("org.postgresql", "org.postgresql.core", "org.postgresql.util"),
            "search", Set.of("org.postgresql", "org.postgresql.core", "org.postgresql.jdbc", "org.postgresql.util"),
            "execute", Set.of("org.postgresql", "org.postgresql.copy", "org.postgresql.core", "org.postgresql.util"),
            "lock", Set.of("org.postgresql"),
            "config", Set.of("org.postgresql", "org.postgresql.util"));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    static Stream<String> packages() {
        return packagesOfMain().stream();
    }

    @Test
    void everyPackageStandsInTheTable() {
        assertThat(packagesOfMain()).isEqualTo(MAY_USE.keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void eachPackageUsesOnlyWhatTheTableAllows(String name) {
        Set<String> allowed = MAY_USE.getOrDefault(name, Set.of()).stream()
                .map(ArchitectureTest::full)
                .collect(Collectors.toCollection(TreeSet::new));
        allowed.add(full(name));
        DescribedPredicate<JavaClass> foreign = resideInAPackage(ROOT + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new))))
                .and(DescribedPredicate.not(isLeaf()));

        noClasses()
                .that()
                .resideInAPackage(full(name))
                .should()
                .dependOnClassesThat(foreign.as("are outside of " + allowed))
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void pgjdbcIsKnownOnlyWhereItHasToBe(String name) {
        String[] allowed = PGJDBC.getOrDefault(name, Set.of()).toArray(String[]::new);
        DescribedPredicate<JavaClass> foreign =
                resideInAPackage("org.postgresql..").and(DescribedPredicate.not(resideInAnyPackage(allowed)));

        noClasses()
                .that()
                .resideInAPackage(full(name))
                .should()
                .dependOnClassesThat(foreign.as("are of pgjdbc, but not in " + Set.of(allowed)))
                .check(MAIN);
    }

    @Test
    void noPackagesUseEachOtherInACircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void nullsAreDeclaredInEveryPackage() {
        Set<String> unmarked = MAIN.stream()
                .map(JavaClass::getPackage)
                .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unmarked).isEmpty();
    }

    @Test
    void nothingIsPrinted() {
        noClasses()
                .that()
                // The agent speaks before there is a log.
                .resideOutsideOfPackages(full("cli"), full("agent"))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    @Test
    void everythingIsLoggedThroughSlf4j() {
        ArchRule rule = noClasses()
                .that()
                // java.sql.Driver.getParentLogger returns one.
                .doNotBelongToAnyOf(GangwayDriver.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..");

        rule.check(MAIN);
    }

    @Test
    void theDriverClassItselfKnowsNoLoggerAndNoPgjdbc() {
        classes()
                .that()
                .areAssignableTo(GangwayDriver.class)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", ROOT + "..", "org.jspecify.."))
                .check(MAIN);
    }

    private static Set<String> packagesOfMain() {
        return MAIN.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static DescribedPredicate<JavaClass> isLeaf() {
        Set<String> leaves = Set.of(
                GangwayException.class.getName(),
                GateMXBean.class.getName(),
                JavaMigration.class.getName(),
                MigrationListener.class.getName(),
                SearchListener.class.getName(),
                SearchMXBean.class.getName());
        return DescribedPredicate.describe(
                "a leaf", type -> leaves.contains(type.getName().replaceAll("\\$.*", "")));
    }

    private static String full(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name;
    }
}
