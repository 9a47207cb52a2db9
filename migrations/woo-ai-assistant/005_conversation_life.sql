-- What of a conversation's life takes more than one statement. Rating, status and handoff are plain updates: checks and a trigger
-- of 001 see to the rest.
-- gangway: type=schema
-- gangway: requires=1
-- gangway: risk=low

-- Adds a message to a conversation that is open. What was given up as abandoned is open again when the user comes back to it;
-- what is completed stays so, because it may have been rated or archived by then.
-- The conversation is locked first, so that nobody closes, archives or deletes it in between.
CREATE FUNCTION "${prefix:}woo_ai_add_message"(
    conversation bigint,
    role         text,
    content      text,
    tokens_used  int DEFAULT 0,
    model_used   text DEFAULT NULL,
    metadata     jsonb DEFAULT '{}') RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    status_now text;
    message    bigint;
BEGIN
    SELECT c.status INTO status_now FROM "${prefix:}woo_ai_conversations" c WHERE c.id = conversation FOR UPDATE;
    IF status_now IS NULL THEN
        RAISE EXCEPTION 'there is no conversation %', coalesce(conversation::text, 'null') USING ERRCODE = 'foreign_key_violation';
    ELSIF status_now = 'completed' OR (status_now = 'abandoned' AND role IS DISTINCT FROM 'user') THEN
        RAISE EXCEPTION 'conversation % is %', conversation, status_now
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Begin a new conversation, or set its status to active.';
    END IF;
    INSERT INTO "${prefix:}woo_ai_messages" (conversation_id, role, content, tokens_used, model_used, metadata)
    VALUES (conversation, role, content, coalesce(tokens_used, 0), model_used, coalesce(metadata, '{}'))
    RETURNING id INTO message;
    -- Also where nothing else changes: updated_at is when the conversation last moved.
    UPDATE "${prefix:}woo_ai_conversations" SET status = 'active' WHERE id = conversation;
    RETURN message;
END $$;

-- Gives up conversations in which nothing has happened for so long; returns how many. Safe to run beside itself.
CREATE FUNCTION "${prefix:}woo_ai_abandon_idle_conversations"(idle interval DEFAULT '30 minutes') RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    abandoned bigint;
BEGIN
    IF idle IS NULL OR idle < interval '0' THEN
        RAISE EXCEPTION 'idle must be a time span that is not negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Who waits for a human has not gone away.
    WITH silent AS (
        SELECT c.id
        FROM "${prefix:}woo_ai_conversations" c
        WHERE c.status = 'active'
          AND NOT c.handoff_requested
          AND c.updated_at < now() - idle
          AND NOT EXISTS (SELECT FROM "${prefix:}woo_ai_messages" m
                          WHERE m.conversation_id = c.id AND m.created_at >= now() - idle)
        FOR UPDATE OF c SKIP LOCKED)
    UPDATE "${prefix:}woo_ai_conversations" c SET status = 'abandoned' FROM silent WHERE c.id = silent.id;
    GET DIAGNOSTICS abandoned = ROW_COUNT;
    RETURN abandoned;
END $$;
