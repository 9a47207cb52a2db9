SELECT 'columns' AS category,
       e.relation || '.tags is text[]' AS name,
       EXISTS (
           SELECT
           FROM pg_attribute a
           WHERE a.attrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
             AND a.attname = 'tags'
             AND a.atttypid = 'text[]'::regtype) AS passed
FROM (VALUES ('conversations'), ('conversation_summary')) e (relation);

SELECT 'constraints' AS category,
       'conversation_tags_given is validated' AS name,
       coalesce(bool_and(convalidated), false) AS passed
FROM pg_constraint
WHERE conrelid = to_regclass(format('%I', '${prefix:}woo_ai_conversations'))
  AND conname = 'conversation_tags_given';
