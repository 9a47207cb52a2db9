-- The extension stays: other schemas of the database may use its types, and creating it again may take an administrator.
DROP VIEW "${prefix:}woo_ai_kb_summary";
DROP VIEW "${prefix:}woo_ai_conversation_summary";
DROP TABLE "${prefix:}woo_ai_action_logs";
DROP TABLE "${prefix:}woo_ai_analytics";
DROP TABLE "${prefix:}woo_ai_settings";
DROP TABLE "${prefix:}woo_ai_knowledge_base";
DROP FUNCTION "${prefix:}woo_ai_chunk_hash"(text, bigint, text);
DROP TABLE "${prefix:}woo_ai_messages";
DROP TABLE "${prefix:}woo_ai_conversations";
DROP FUNCTION "${prefix:}woo_ai_stamp_conversation"();
DROP FUNCTION "${prefix:}woo_ai_touch"();
