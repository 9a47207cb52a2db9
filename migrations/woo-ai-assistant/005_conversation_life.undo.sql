DROP FUNCTION "${prefix:}woo_ai_abandon_idle_conversations"(interval);
DROP FUNCTION "${prefix:}woo_ai_add_message"(bigint, text, text, int, text, jsonb);
