-- A view cannot lose a column, so it is made anew, as 001 made it.
DROP VIEW "${prefix:}woo_ai_conversation_summary";
ALTER TABLE "${prefix:}woo_ai_conversations" DROP COLUMN tags;

CREATE VIEW "${prefix:}woo_ai_conversation_summary" AS
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
       c.ended_at
FROM "${prefix:}woo_ai_conversations" c
CROSS JOIN LATERAL (
    SELECT count(*) AS message_count,
           coalesce(sum(tokens_used), 0) AS tokens_used,
           max(created_at) AS last_message_at
    FROM "${prefix:}woo_ai_messages"
    WHERE conversation_id = c.id) m;
GRANT SELECT ON "${prefix:}woo_ai_conversation_summary" TO "${gangway:user}";
