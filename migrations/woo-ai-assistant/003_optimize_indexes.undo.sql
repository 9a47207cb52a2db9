DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_action_logs_problems_idx";
DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_knowledge_base_todo_idx";
DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_knowledge_base_text_idx";
DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_conversations_ended_idx";
DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_conversations_handoff_idx";
DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_conversations_tags_idx";
