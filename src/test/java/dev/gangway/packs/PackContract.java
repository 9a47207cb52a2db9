package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.report.ValidationReport;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every pack, whatever is in it. */
abstract class PackContract {
    private static final Pattern SQL_BLOCK = Pattern.compile("(?m)^```sql\\n((?s:.*?))^```$");

    /** Everything that a user of a pack may want to read about: name and kind. */
    private static final String OBJECTS = """
            select c.relname from pg_catalog.pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'i', 'I')
              and c.relname not like 'gangway%'
              and not exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid)
              and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')
            union
            select p.proname from pg_catalog.pg_proc p
            where p.pronamespace = 'public'::regnamespace
              and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')
            union
            select t.tgname from pg_catalog.pg_trigger t where not t.tgisinternal
            union
            select y.polname from pg_catalog.pg_policy y
            order by 1""";

    private Pack pack;

    /** {@return the pack in an empty database of its own} */
    abstract Pack open() throws SQLException;

    @BeforeEach
    void openPack() throws SQLException {
        pack = open();
        prepare(pack);
    }

    @AfterEach
    void closePack() throws SQLException {
        pack.close();
    }

    final Pack pack() {
        return pack;
    }

    /** What an administrator has to do before the first connection, if anything. */
    void prepare(Pack empty) throws SQLException {}

    @Test
    void oneConnectMigratesAnEmptyDatabase() throws SQLException {
        pack.migrate();

        assertThat(pack.history()).isNotEmpty().allMatch(row -> row.endsWith(" applied") || row.endsWith(" deferred"));
        assertThat(pack.history()).hasSameSizeAs(pack.versions());
    }

    @Test
    void everyCheckOfAnEmptyAndOfAFilledSchemaPasses() throws SQLException {
        pack.migrate();
        assertValid();
        fill();
        assertValid();
    }

    private void assertValid() throws SQLException {
        ValidationReport report = pack.gangway().validate();
        assertThat(report.checks()).isNotEmpty().allMatch(check -> check.passed());
        assertThat(report.valid()).isTrue();
    }

    @Test
    void connectingAgainDoesNothing() throws SQLException {
        pack.migrate();
        String before = pack.ask("select string_agg(h::text, ' ' order by rank) from gangway_history h");
        String schema = dump();

        pack.migrate();
        pack.migrate("gangway.mode=validate");

        assertThat(pack.ask("select string_agg(h::text, ' ' order by rank) from gangway_history h"))
                .isEqualTo(before);
        assertThat(dump()).isEqualTo(schema);
    }

    @Test
    void undoingEverythingLeavesAnEmptySchema() throws SQLException {
        String empty = dump();
        pack.migrate();
        fill();

        pack.gangway().undoTo("0");

        assertThat(dump()).isEqualTo(empty);
        pack.migrate();
        assertValid();
    }

    @Test
    void eachVersionKeepsTheRowsAndCanBeTakenBack() throws SQLException {
        int rows = 0;
        for (String version : pack.versions()) {
            String before = dump();
            KeptRows kept = KeptRows.of(pack.database());

            pack.migrate("gangway.target=" + version);
            kept.assertStillIn(pack.database(), "migrating to " + version);
            if (isApplied(version)) {
                pack.gangway().undo(1);
                assertThat(dump()).as("after " + version + " was undone").isEqualTo(before);
                kept.assertStillIn(pack.database(), "undoing " + version);
                pack.migrate("gangway.target=" + version);
                kept.assertStillIn(pack.database(), "migrating to " + version + " again");
            }
            addRows(version);
            rows = KeptRows.of(pack.database()).count();
        }
        assertThat(rows).as("realistic rows").isGreaterThan(20);
        pack.migrate();
        assertValid();
    }

    private boolean isApplied(String version) throws SQLException {
        return pack.history().contains(version + " applied");
    }

    @Test
    void itsObjectsGoWhereTheSettingSays() throws SQLException {
        pack.execute("create extension if not exists vector");
        String before = dump("--exclude-schema=store");

        pack.migrate("gangway.schema=store");

        assertThat(dump("--exclude-schema=store")).isEqualTo(before);
        assertThat(pack.gangway("gangway.schema=store").validate().valid()).isTrue();
    }

    @Test
    void aRoleThatOwnsNothingButTheSchemaCanMigrate() throws SQLException {
        String owner = pack.database().createRole("secret");
        pack.execute("create extension if not exists vector; create schema store authorization " + owner);
        prepareFor(owner);

        pack.connectAs(owner, "gangway.schema=store").close();

        assertThat(pack.ask("select count(*) from store.gangway_history where state not in ('applied', 'deferred')"))
                .isEqualTo("0");
    }

    /** What an administrator does beside the extension where the role that migrates may not create roles. */
    void prepareFor(String owner) throws SQLException {}

    @Test
    void itsPageNamesEveryObjectAndItsExamplesWork() throws SQLException, IOException {
        String page = Files.readString(Path.of("docs/packs/" + packName() + ".md"));
        pack.migrate();
        fill();

        StringBuilder names = new StringBuilder(page);
        for (String other : packsBuiltUpon()) {
            names.append(Files.readString(Path.of("docs/packs/" + other + ".md")));
        }
        assertThat(pack.column(OBJECTS))
                .allSatisfy(object -> assertThat(names).containsPattern("\\b" + object + "\\b"));
        assertThat(page).contains("```mermaid");
        List<String> examples = SQL_BLOCK
                .matcher(page)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            try (Connection connection = pack.connect()) {
                Sql.execute(connection, example);
            }
        }
    }

    @Test
    void itHasAReadme() throws IOException {
        assertThat(Files.readString(Path.of("migrations/" + packName() + "/README.md")))
                .startsWith("# " + packName() + "\n")
                .contains("gangway.locations=pack:" + packName())
                .contains("docs/packs/" + packName() + ".md");
    }

    abstract String packName();

    /** Packs that are used with this one, whose objects have a page already. */
    List<String> packsBuiltUpon() {
        return List.of();
    }

    /** Puts realistic rows of all versions into a schema that is migrated. */
    final void fill() throws SQLException {
        for (String version : pack.versions()) {
            addRows(version);
        }
    }

    /** Puts realistic rows into what a version has made; a pack that builds upon another one takes that one's. */
    void addRows(String version) throws SQLException {
        pack.addRows(version);
    }

    /** The whole schema without Gangway's own tables and the extensions, which stay. */
    private String dump(String... options) {
        List<String> all = new ArrayList<>(List.of("--schema-only", "--exclude-table=*.gangway_*"));
        all.addAll(List.of(options));
        return PgDump.of(pack.database(), all.toArray(String[]::new))
                .replaceAll("(?m)^(CREATE|COMMENT ON) EXTENSION .*\\n", "")
                .replaceAll("(?m)^--.*\\n", "")
                .replaceAll("\\n{2,}", "\n");
    }
}
