SELECT 'indexes' AS category,
       e.name || ' is valid' AS name,
       coalesce(i.indisvalid, false) AS passed
FROM (VALUES ('woo_ai_conversations_tags_idx'), ('woo_ai_conversations_handoff_idx'), ('woo_ai_conversations_ended_idx'),
             ('woo_ai_knowledge_base_text_idx'), ('woo_ai_knowledge_base_todo_idx'),
             ('woo_ai_action_logs_problems_idx')) e (name)
LEFT JOIN pg_index i ON i.indexrelid = to_regclass(format('%I', '${prefix:}' || e.name));
