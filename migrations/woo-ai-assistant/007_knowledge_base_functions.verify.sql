SELECT 'functions' AS category,
       e.name || ' exists' AS name,
       EXISTS (
           SELECT
           FROM pg_proc
           WHERE pronamespace = to_regnamespace(format('%I', '${gangway:schema}'))
             AND proname = '${prefix:}' || e.name) AS passed
FROM (VALUES ('woo_ai_upsert_chunk'), ('woo_ai_remove_chunks'), ('woo_ai_nearest_chunks'),
             ('woo_ai_search_knowledge_base'), ('woo_ai_hybrid_search_knowledge_base')) e (name);
