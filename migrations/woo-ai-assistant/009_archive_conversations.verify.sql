-- Everything but the two columns that only the archive has must be there to come back.
SELECT 'columns' AS category,
       'woo_ai_conversation_archive.' || c.attname || ' is as in woo_ai_conversations' AS name,
       coalesce(a.atttypid = c.atttypid, false) AS passed
FROM pg_attribute c
LEFT JOIN pg_attribute a
    ON a.attrelid = to_regclass(format('%I', '${prefix:}woo_ai_conversation_archive'))
   AND a.attname = c.attname
   AND NOT a.attisdropped
WHERE c.attrelid = to_regclass(format('%I', '${prefix:}woo_ai_conversations'))
  AND c.attnum > 0
  AND NOT c.attisdropped;

SELECT 'data' AS category,
       'no conversation is both archived and not' AS name,
       NOT EXISTS (SELECT FROM "${prefix:}woo_ai_conversation_archive" JOIN "${prefix:}woo_ai_conversations" USING (id)) AS passed;
