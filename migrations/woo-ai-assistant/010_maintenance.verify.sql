SELECT 'maintenance' AS category,
       c.relname || ' is vacuumed early' AS name,
       coalesce(c.reloptions::text LIKE '%autovacuum%scale_factor=0.05%', false) AS passed
FROM pg_class c
WHERE c.oid IN (to_regclass(format('%I', '${prefix:}woo_ai_messages')),
                to_regclass(format('%I', '${prefix:}woo_ai_analytics')),
                to_regclass(format('%I', '${prefix:}woo_ai_action_logs')),
                to_regclass(format('%I', '${prefix:}woo_ai_knowledge_base')));

SELECT 'maintenance' AS category,
       'the sizes of all 7 tables are shown' AS name,
       (SELECT count(*) = 7 FROM "${prefix:}woo_ai_table_sizes") AS passed;

SELECT 'indexes' AS category,
       'all are valid' AS name,
       NOT EXISTS (SELECT FROM "${prefix:}woo_ai_index_usage" WHERE NOT is_valid) AS passed;
