-- Old conversations leave the tables that are searched and counted, and can come back.
--
-- One row for a conversation, its messages as one document: compressed, exported by one COPY, and never joined by mistake.
-- gangway: type=schema
-- gangway: requires=2,5
-- gangway: risk=low

CREATE TABLE "${prefix:}woo_ai_conversation_archive" (
    id                   bigint PRIMARY KEY,
    user_id              bigint,
    user_name            text,
    session_id           text NOT NULL,
    status               text NOT NULL,
    rating               smallint,
    handoff_requested    boolean NOT NULL,
    handoff_requested_at timestamptz,
    context              jsonb NOT NULL,
    tags                 text[] NOT NULL,
    message_count        bigint NOT NULL,
    tokens_used          bigint NOT NULL,
    messages             jsonb NOT NULL,
    -- Metrics stay where they are and lose the link to the conversation; this brings it back.
    metric_ids           bigint[] NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    ended_at             timestamptz NOT NULL,
    archived_at          timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX "${prefix:}woo_ai_conversation_archive_user_idx" ON "${prefix:}woo_ai_conversation_archive" (user_id)
    WHERE user_id IS NOT NULL;
CREATE INDEX "${prefix:}woo_ai_conversation_archive_ended_idx" ON "${prefix:}woo_ai_conversation_archive" (ended_at);

-- Moves conversations into the archive that ended so long ago, the oldest first; returns how many. Several may run at once, each
-- takes others. Call it until it returns 0, each time in a transaction of its own.
CREATE FUNCTION "${prefix:}woo_ai_archive_conversations"(older_than interval DEFAULT '90 days', batch_size int DEFAULT 1000)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    taken bigint[];
BEGIN
    IF older_than IS NULL OR older_than < interval '0' OR batch_size IS NULL OR batch_size < 1 THEN
        RAISE EXCEPTION 'older_than must not be negative, and batch_size must be at least 1'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Locked in a statement of its own: only what the next statement reads after the lock is complete. A message that came
    -- between reading and deleting would be deleted unread.
    SELECT array_agg(o.id)
    INTO taken
    FROM (SELECT c.id
          FROM "${prefix:}woo_ai_conversations" c
          WHERE c.status <> 'active' AND c.ended_at < now() - older_than
          ORDER BY c.ended_at
          LIMIT batch_size
          FOR UPDATE SKIP LOCKED) o;
    IF taken IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO "${prefix:}woo_ai_conversation_archive"
        (id, user_id, user_name, session_id, status, rating, handoff_requested, handoff_requested_at, context, tags,
         message_count, tokens_used, messages, metric_ids, created_at, updated_at, ended_at)
    SELECT c.id, c.user_id, c.user_name, c.session_id, c.status, c.rating, c.handoff_requested, c.handoff_requested_at, c.context,
           c.tags, m.message_count, m.tokens_used, m.messages,
           array(SELECT a.id FROM "${prefix:}woo_ai_analytics" a WHERE a.conversation_id = c.id ORDER BY a.id),
           c.created_at, c.updated_at, c.ended_at
    FROM "${prefix:}woo_ai_conversations" c
    CROSS JOIN LATERAL (
        SELECT count(*) AS message_count,
               coalesce(sum(m.tokens_used), 0) AS tokens_used,
               coalesce(jsonb_agg(to_jsonb(m) - 'conversation_id' ORDER BY m.id), '[]') AS messages
        FROM "${prefix:}woo_ai_messages" m
        WHERE m.conversation_id = c.id) m
    WHERE c.id = ANY (taken);
    DELETE FROM "${prefix:}woo_ai_conversations" WHERE id = ANY (taken);
    RETURN cardinality(taken);
END $$;

-- Brings a conversation back with everything that belonged to it; says whether it was in the archive.
CREATE FUNCTION "${prefix:}woo_ai_restore_conversation"(conversation bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    archived "${prefix:}woo_ai_conversation_archive";
BEGIN
    DELETE FROM "${prefix:}woo_ai_conversation_archive" WHERE id = conversation RETURNING * INTO archived;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO "${prefix:}woo_ai_conversations"
        (id, user_id, user_name, session_id, status, rating, handoff_requested, handoff_requested_at, context, tags, created_at,
         updated_at, ended_at)
    VALUES (archived.id, archived.user_id, archived.user_name, archived.session_id, archived.status, archived.rating,
            archived.handoff_requested, archived.handoff_requested_at, archived.context, archived.tags, archived.created_at,
            archived.updated_at, archived.ended_at);
    INSERT INTO "${prefix:}woo_ai_messages" (id, conversation_id, role, content, tokens_used, model_used, metadata, created_at)
    SELECT m.id, conversation, m.role, m.content, m.tokens_used, m.model_used, m.metadata, m.created_at
    FROM jsonb_to_recordset(archived.messages) m (
        id bigint, role text, content text, tokens_used int, model_used text, metadata jsonb, created_at timestamptz);
    UPDATE "${prefix:}woo_ai_analytics" SET conversation_id = conversation WHERE id = ANY (archived.metric_ids);
    RETURN true;
END $$;

GRANT SELECT, INSERT, DELETE ON "${prefix:}woo_ai_conversation_archive" TO "${gangway:user}";
