-- Labels by which the shop's people sort conversations, such as refund or vip.
--
-- An array rather than a table of its own: tags are read and written together with their conversation, and a GIN index
-- (in 003) answers which conversations have one.
-- gangway: type=schema
-- gangway: requires=1
-- gangway: risk=low

-- With a constant default no row is rewritten.
ALTER TABLE "${prefix:}woo_ai_conversations" ADD COLUMN tags text[] NOT NULL DEFAULT '{}';

-- Checked in a second step, which lets others write meanwhile.
ALTER TABLE "${prefix:}woo_ai_conversations"
    ADD CONSTRAINT conversation_tags_given CHECK (array_position(tags, NULL) IS NULL AND array_position(tags, '') IS NULL) NOT VALID;
ALTER TABLE "${prefix:}woo_ai_conversations" VALIDATE CONSTRAINT conversation_tags_given;

-- New columns of a view come last.
CREATE OR REPLACE VIEW "${prefix:}woo_ai_conversation_summary" AS
SELECT c.id,
       c.user_id,
       coalesce(c.user_name, CASE WHEN c.user_id IS NULL THEN 'Guest' ELSE 'User ' || c.user_id END) AS user_name,
       c.session_id,
       c.status,
       c.rating,
       c.handoff_requested,
       m.message_count,
       m.tokens_used,
       m.last_message_at,
       c.created_at,
       c.updated_at,
       c.ended_at,
       c.tags
FROM "${prefix:}woo_ai_conversations" c
CROSS JOIN LATERAL (
    SELECT count(*) AS message_count,
           coalesce(sum(tokens_used), 0) AS tokens_used,
           max(created_at) AS last_message_at
    FROM "${prefix:}woo_ai_messages"
    WHERE conversation_id = c.id) m;
