SELECT 'functions' AS category,
       e.name || ' exists' AS name,
       EXISTS (
           SELECT
           FROM pg_proc
           WHERE pronamespace = to_regnamespace(format('%I', '${gangway:schema}'))
             AND proname = '${prefix:}' || e.name) AS passed
FROM (VALUES ('woo_ai_add_message'), ('woo_ai_abandon_idle_conversations')) e (name);
