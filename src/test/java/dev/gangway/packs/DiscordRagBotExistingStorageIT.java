package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pack {@code discord-rag-bot} on a database that has the basic vector storage of LangChain and Supabase already. */
class DiscordRagBotExistingStorageIT {
    private static final String UUID = "gangway.placeholders.documentIdType=uuid";

    private DiscordRagBotPack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = DiscordRagBotPack.inNewDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigserial", "uuid"})
    void itsRowsAndItsFunctionAreKeptAndAllOfItComesBack(String id) throws SQLException {
        String type = id.equals("uuid") ? UUID : "gangway.placeholders.documentIdType=bigint";
        makeBasicStorage(
                id.equals("uuid") ? "uuid primary key default gen_random_uuid()" : "bigserial primary key", id);
        if (id.equals("bigserial")) {
            pack.pack().execute("grant all on sequence documents_id_seq to " + pack.anonymous());
        }
        String before = dump();
        KeptRows rows = KeptRows.of(pack.pack().database());

        pack.pack().migrate(type);

        rows.assertStillIn(pack.pack().database(), "migrating");
        assertThat(pack.pack().gangway(type).validate().valid()).isTrue();
        assertThat(
                        pack.pack()
                                .column(
                                        "select concat_ws(' ', content, guild_id, source, is_public) from documents order by 1"))
                .containsExactly("a g1 a.txt f", "b t", "c f");
        assertThat(pack.pack().ask("select content from match_documents('[0,1,0]', 1)"))
                .isEqualTo("b");
        assertThat(pack.pack().ask("select content from match_documents_basic('[0,1,0]', 1)"))
                .isEqualTo("b");
        try (Connection service = pack.loginAsService()) {
            Sql.execute(service, "insert into documents (content, metadata, embedding) values ('d', '{}', '[1,1,1]')");
        }
        try (Connection visitor = pack.loginAsAnonymous()) {
            assertThat(Rows.column(visitor, "select content from documents")).containsExactly("b");
            assertThat(Rows.column(visitor, "select content from match_documents('[1,0,0]')"))
                    .containsExactly("b");
        }

        pack.pack().gangway(type).undoTo("0");

        rows.assertStillIn(pack.pack().database(), "undoing");
        assertThat(dump()).isEqualTo(before);
        pack.pack().migrate(type);
        rows.assertStillIn(pack.pack().database(), "migrating again");
    }

    @Test
    void aColumnThatIsThereAlreadyIsTakenAsItIsAndStays() throws SQLException {
        pack.pack()
                .execute("create extension vector; create table documents (id bigserial primary key, content text,"
                        + " metadata jsonb, embedding vector(3), guild_id text, created_at timestamptz);"
                        + " insert into documents (content, metadata, guild_id, created_at)"
                        + " values ('a', '{\"guild_id\": \"other\"}', 'g1', '2024-05-06')");
        KeptRows rows = KeptRows.of(pack.pack().database());

        pack.pack().migrate();
        rows.assertStillIn(pack.pack().database(), "migrating");
        pack.pack().gangway().undoTo("0");

        rows.assertStillIn(pack.pack().database(), "undoing");
        assertThat(pack.pack().ask("select guild_id || ' ' || created_at::date from documents"))
                .isEqualTo("g1 2024-05-06");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id uuid, content text, metadata jsonb, embedding vector(3) | id is uuid",
                "id bigint, content text, metadata jsonb, embedding vector(4) | embedding is vector(4)",
                "id bigint, content text, metadata jsonb, embedding vector | embedding is vector",
                "id bigint, content text, embedding vector(3) | metadata is missing",
                "id bigint, content text, metadata json, embedding vector(3) | metadata is json",
                "id bigint, content text, metadata jsonb, embedding vector(3), guild_id bigint | guild_id is bigint",
            })
    void aTableThatItCannotBuildOnIsLeftAloneWithWhatIsWrong(String definition) throws SQLException {
        String[] columnsAndMessage = definition.split(" \\| ");
        pack.pack().execute("create extension vector; create table documents (" + columnsAndMessage[0] + ")");

        assertThatThrownBy(() -> pack.pack().migrate())
                .isInstanceOf(GangwayException.class)
                .hasMessageContaining("does not have the columns that this pack builds on: " + columnsAndMessage[1])
                .hasMessageContaining("gangway.placeholders.documentIdType");
        assertThat(pack.pack().ask("select count(*) from gangway_history where state = 'applied'"))
                .isEqualTo("0");
    }

    @Test
    void pgvectorMayBeInASchemaOfItsOwnAsOnSupabase() throws SQLException {
        pack.pack()
                .execute("create schema extensions; create extension vector schema extensions;"
                        + " grant usage on schema extensions to %s, %s, %s"
                                .formatted(pack.service(), pack.authenticated(), pack.anonymous()));

        pack.pack().migrate();

        pack.pack().execute("insert into documents (content, is_public, embedding) values ('a', true, '[1,0,0]')");
        try (Connection visitor = pack.loginAsAnonymous()) {
            assertThat(Sql.ask(visitor, "select content from match_documents('[1,0,0]'::extensions.vector)"))
                    .isEqualTo("a");
        }
        assertThat(pack.pack().gangway().validate().valid()).isTrue();
    }

    @Test
    void aSchemaOfPgvectorThatTheRolesMayNotUseIsNamedWithTheGrant() throws SQLException {
        pack.pack().execute("create schema extensions; create extension vector schema extensions");

        assertThatThrownBy(() -> pack.pack().migrate())
                .hasMessageContaining("the roles may use the schemas")
                .hasMessageContaining("GRANT USAGE ON SCHEMA \"public\", \"extensions\" TO "
                        + String.join(", ", pack.service(), pack.authenticated(), pack.anonymous()));
    }

    @Test
    void aPolicyOfItsOwnIsNotAddedTo() throws SQLException {
        makeBasicStorage("bigserial primary key", "bigint");
        pack.pack().execute("create policy \"Enable read for all\" on documents using (true)");

        assertThatThrownBy(() -> pack.pack().migrate())
                .hasMessageContaining("The table documents has policies already: \"Enable read for all\"")
                .hasMessageContaining("Drop them first");
    }

    @Test
    void anOlderSearchThatPassesThePoliciesByStopsTheMigrationWithWhatToDo() throws SQLException {
        makeBasicStorage("bigserial primary key", "bigint");
        pack.pack().execute("alter function match_documents security definer");

        assertThatThrownBy(() -> pack.pack().migrate())
                .hasMessageContaining("match_documents_basic runs as the caller")
                .hasMessageContaining("SECURITY INVOKER");

        pack.pack().execute("alter function match_documents_basic security invoker");
        pack.pack().migrate();
        assertThat(pack.pack().gangway().validate().valid()).isTrue();
    }

    @Test
    void whatSupabaseGrantsOnEverythingNewIsTakenBack() throws SQLException {
        String roles = String.join(", ", pack.service(), pack.authenticated(), pack.anonymous());
        for (String kind : new String[] {"tables", "sequences", "functions"}) {
            pack.pack().execute("alter default privileges grant all on %s to %s".formatted(kind, roles));
        }

        pack.pack().migrate();

        String relations = """
                select c.relname || ' ' || p from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
                    'REFERENCES', 'TRIGGER']) p
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname not like 'gangway%%'
                  and has_table_privilege('%s', c.oid, p) order by 1""";
        assertThat(pack.pack().column(relations.formatted(pack.anonymous()))).containsExactly("documents SELECT");
        assertThat(pack.pack().column(relations.formatted(pack.authenticated())))
                .allMatch(privilege -> privilege.endsWith(" SELECT"))
                .hasSize(6);
        for (String role : new String[] {pack.anonymous(), pack.authenticated()}) {
            assertThat(pack.pack().column("""
                    select c.relname from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relname not like 'gangway%%'
                      and case c.relkind when 'S' then has_sequence_privilege('%s', c.oid, 'USAGE, SELECT, UPDATE') end""".formatted(role))).isEmpty();
        }
        assertThat(pack.pack().column("""
                select p.proname from pg_proc p
                where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
                  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
                  and has_function_privilege('%s', p.oid, 'EXECUTE') order by 1""".formatted(pack.anonymous())))
                .containsExactly("hybrid_search", "match_documents");
    }

    @Test
    void aRoleThatIsMissingAndMayNotBeCreatedIsNamedWithWhatToDo() throws SQLException {
        String owner = pack.pack().database().createRole("secret");
        String missing = pack.pack().database().name() + "_missing";
        pack.pack().execute("create extension vector; create schema store authorization " + owner);

        assertThatThrownBy(() -> pack.pack()
                        .connectAs(owner, "gangway.schema=store", "gangway.placeholders.anonymousRole=" + missing))
                .hasMessageContaining("The role " + missing + " is missing, and " + owner + " may not create roles")
                .hasMessageContaining("CREATE ROLE " + missing + " NOLOGIN;");
    }

    @Test
    void missingRolesAreCreatedAndStayAfterUndo() throws SQLException {
        String missing = pack.pack().database().name() + "_visitor";
        String[] placeholder = {"gangway.placeholders.anonymousRole=" + missing};
        try {
            pack.pack().migrate(placeholder);
            assertThat(pack.pack().ask("select rolcanlogin from pg_roles where rolname = '" + missing + "'"))
                    .isEqualTo("f");

            pack.pack().gangway(placeholder).undoTo("0");

            assertThat(pack.pack().ask("select count(*) from pg_roles where rolname = '" + missing + "'"))
                    .isEqualTo("1");
        } finally {
            pack.pack().execute("drop owned by " + missing + "; drop role " + missing);
        }
    }

    private void makeBasicStorage(String id, String idType) throws SQLException {
        pack.pack().execute("""
                create extension vector;
                create table documents (id %s, content text, metadata jsonb, embedding vector(3));
                create function match_documents(query_embedding vector(3), match_count int default null, filter jsonb default '{}')
                returns table (id %s, content text, metadata jsonb, similarity float) language plpgsql as $$
                #variable_conflict use_column
                begin
                    return query select id, content, metadata, 1 - (documents.embedding <=> query_embedding) as similarity
                    from documents where metadata @> filter order by documents.embedding <=> query_embedding limit match_count;
                end $$;
                grant all on documents to %s, %s, %s;
                insert into documents (content, metadata, embedding) values
                    ('a', '{"guild_id": "g1", "source": "a.txt"}', '[1,0,0]'), ('b', '{"is_public": true}', '[0,1,0]'),
                    ('c', '{}', '[0,0,1]')""".formatted(
                        id,
                        idType.equals("bigserial") ? "bigint" : idType,
                        pack.service(),
                        pack.authenticated(),
                        pack.anonymous()));
    }

    private String dump() {
        return PgDump.of(pack.pack().database(), "--schema-only", "--exclude-table=*.gangway_*");
    }
}
