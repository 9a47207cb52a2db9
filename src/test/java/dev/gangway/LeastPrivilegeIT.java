package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGvector;
import dev.gangway.GangwayException.Code;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two roles of docs/least-privilege.md, as that page creates them, can do what they need to and nothing else. */
class LeastPrivilegeIT {
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private Application app;
    private String owner;
    private String user;

    @BeforeEach
    void setUpAsThePageSays(@TempDir Path folder) throws Exception {
        app = Application.in(folder);
        String database = app.database().name();
        owner = app.database().createRole("change-me");
        user = app.database().createRole("change-me-too");
        Matcher block = SQL.matcher(Files.readString(Path.of("docs", "least-privilege.md")));
        assertThat(block.find()).isTrue();
        String sql = block.group(1)
                .replaceAll("(?m)^CREATE ROLE .*$", "")
                .replace("app_owner", owner)
                .replace("app_user", user)
                .replace("DATABASE app ", "DATABASE " + database + " ");
        app.execute(sql);
        app.add("V1__item.sql", """
                create table item(id int primary key, embedding vector(3));
                insert into item values (1, '[1,2,3]');
                grant select, insert on item to "${gangway:user}";
                """);
        app.add(
                "V2__index.sql",
                "create index concurrently item_embedding on item using hnsw (embedding vector_l2_ops)");
        app.add("V3__deferred.sql", "-- gangway: when=exists (select from item where id = 9)\ncreate table nine()");
        app.add(
                "V4__beside.sql",
                "-- gangway: run=background\ncreate index concurrently item_beside on item((id + 1))");
    }

    @AfterEach
    void drop() throws SQLException {
        Gates.clear();
        app.close();
    }

    private String url(String... more) {
        String[] all = new String[more.length + 1];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "gangway.schema=app";
        return app.url(app.database().server().as(user, "change-me-too"), all);
    }

    private String migrating(String... more) {
        String[] all = new String[more.length + 2];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "gangway.migrationUser=" + owner;
        all[more.length + 1] = "gangway.migrationPassword=change-me";
        return url(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gangway.recheck=first", "gangway.recheck=always"})
    void theApplicationWorksWithItsTablesAndCannotTouchTheHistory(String recheck) throws Exception {
        Application.startAt(migrating(recheck));
        Await.until("the index beside is built", Duration.ofSeconds(30), () -> app.has("app.item_beside"));
        app.execute("insert into app.item values (9, null)");
        Application.startAt(migrating(recheck));
        assertThat(app.has("app.nine")).isTrue();
        try (Connection connection = Application.open(migrating(recheck));
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("select embedding from item where id = 1")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getObject(1)).isInstanceOf(PGvector.class);
            }
            for (String forbidden : new String[] {
                "delete from gangway_history",
                "update gangway_state set epoch = 0",
                "drop table item",
                "create table app.own()",
                "create table public.own()"
            }) {
                assertThatThrownBy(() -> Sql.execute(connection, forbidden))
                        .as(forbidden)
                        .isInstanceOf(SQLException.class)
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isEqualTo("42501");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "wait", "validate", "off"})
    void aProcessWithoutTheOwnersPasswordPassesInEachModeOnceAllIsApplied(String mode) throws Exception {
        Application.startAt(migrating());
        Await.until("the index beside is built", Duration.ofSeconds(30), () -> "applied"
                .equals(app.ask("select state from app.gangway_history where version = '4'")));
        Application.startAt(url("gangway.mode=" + mode));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT ON app.gangway_history | permission denied for table gangway_history",
                "SELECT ON app.gangway_state   | permission denied for table gangway_state",
                "USAGE ON SCHEMA app           | permission denied for schema app"
            })
    void whatIsTakenAwayFromTheApplicationIsNamedWithItsGrant(String privilege, String reason) throws Exception {
        Application.startAt(migrating());
        app.execute("revoke " + privilege + " from " + user);
        GangwayException.Permanent failure = Application.failureAt(url());
        assertThat(failure.code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(failure.getMessage()).contains(reason);
        String grant = failure.getMessage().replaceAll("(?s).*let its owner run +", "");
        app.execute(grant);
        Application.startAt(url());
    }

    /** FORCE holds for the owner too, so neither role sees a row. */
    @ParameterizedTest
    @ValueSource(strings = {"gangway_history", "gangway_state"})
    void aTableThatRowLevelSecurityHidesIsNamedAndNothingIsMigratedAgain(String table) throws Exception {
        Application.startAt(migrating());
        app.execute("alter table app." + table + " enable row level security; alter table app." + table
                + " force row level security");
        app.add("V5__new.sql", "create table five()");
        for (String url : new String[] {migrating(), migrating("gangway.recheck=always"), url()}) {
            GangwayException.Permanent failure = Application.failureAt(url);
            assertThat(failure.getMessage()).contains(table, "row level security", "next:");
        }
        app.execute("alter table app." + table + " disable row level security; alter table app." + table
                + " no force row level security");
        Application.startAt(migrating());
        assertThat(app.ask("select count(*) from app.item")).isEqualTo("1");
        assertThat(app.has("app.five")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grant", "revoke"})
    void aSchemaOfSomebodyElseIsRefusedWithItsGrant(String usage) throws Exception {
        app.execute("alter schema app owner to current_user");
        app.execute(usage + " usage on schema app " + (usage.equals("grant") ? "to " : "from ") + owner);
        GangwayException.Permanent failure = Application.failureAt(migrating());
        assertThat(failure.code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(failure.getMessage())
                .contains("GRANT USAGE, CREATE ON SCHEMA \"app\" TO \"" + owner + "\"")
                .contains("nothing was applied");
        assertThat(app.ask("select count(*) from pg_tables where schemaname = 'app'"))
                .isEqualTo("0");
    }

    @Test
    void aSchemaThatTheRoleMayNotCreateIsNamedWithTheCommandForAnAdministrator() throws Exception {
        app.execute("drop schema app");
        String command = "CREATE SCHEMA \"app\" AUTHORIZATION \"" + owner + "\"";
        GangwayException.Permanent failure = Application.failureAt(migrating());
        assertThat(failure.getMessage()).startsWith("GW007 ").contains(command + ";");

        app.execute(command + "; grant usage on schema app to " + user);
        Application.startAt(migrating());
        assertThat(app.has("app.item")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_try_advisory_xact_lock(bigint)",
                "pg_is_in_recovery()",
                "set_config(text, text, boolean)",
                "pg_stat_get_activity(int)"
            })
    void aFunctionOfTheServersThatMayNotBeUsedIsNamed(String function) throws Exception {
        app.execute("revoke execute on function pg_catalog." + function + " from public");
        assertThatThrownBy(() -> Application.startAt(migrating()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for function " + function.replaceAll("\\(.*", ""));
        assertThat(app.has("app.item")).isFalse();
    }
}
