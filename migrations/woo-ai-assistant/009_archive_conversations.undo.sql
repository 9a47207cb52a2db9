-- What is in the archive goes back to where it came from: nothing is lost.
SELECT "${prefix:}woo_ai_restore_conversation"(id) FROM "${prefix:}woo_ai_conversation_archive";
DROP FUNCTION "${prefix:}woo_ai_restore_conversation"(bigint);
DROP FUNCTION "${prefix:}woo_ai_archive_conversations"(interval, int);
DROP TABLE "${prefix:}woo_ai_conversation_archive";
