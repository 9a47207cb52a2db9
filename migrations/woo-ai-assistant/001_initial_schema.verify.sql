SELECT 'extension' AS category,
       'vector has iterative scans' AS name,
       coalesce(
           (SELECT string_to_array(regexp_replace(extversion, '[^0-9.].*', ''), '.')::int[] >= '{0,8,0}'
            FROM pg_extension WHERE extname = 'vector'), false) AS passed,
       'pgvector 0.8.0 or later is needed; ' || coalesce(
           (SELECT 'this database has ' || extversion FROM pg_extension WHERE extname = 'vector'),
           'this database has none') AS detail;

SELECT 'tables' AS category,
       e.name,
       to_regclass(format('%I', '${prefix:}' || e.name)) IS NOT NULL AS passed
FROM (VALUES ('woo_ai_conversations'), ('woo_ai_messages'), ('woo_ai_knowledge_base'),
             ('woo_ai_settings'), ('woo_ai_analytics'), ('woo_ai_action_logs'),
             ('woo_ai_conversation_summary'), ('woo_ai_kb_summary')) e (name);

SELECT 'columns' AS category,
       e.relation || '.' || e.attribute || ' is ' || e.type AS name,
       coalesce(format_type(a.atttypid, a.atttypmod) = e.type AND a.attnotnull = e.required, false) AS passed,
       coalesce('it is ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                'it is missing') AS detail
FROM (VALUES
    ('conversations', 'id', 'bigint', true),
    ('conversations', 'user_id', 'bigint', false),
    ('conversations', 'user_name', 'text', false),
    ('conversations', 'session_id', 'text', true),
    ('conversations', 'status', 'text', true),
    ('conversations', 'rating', 'smallint', false),
    ('conversations', 'handoff_requested', 'boolean', true),
    ('conversations', 'handoff_requested_at', 'timestamp with time zone', false),
    ('conversations', 'context', 'jsonb', true),
    ('conversations', 'created_at', 'timestamp with time zone', true),
    ('conversations', 'updated_at', 'timestamp with time zone', true),
    ('conversations', 'ended_at', 'timestamp with time zone', false),
    ('messages', 'id', 'bigint', true),
    ('messages', 'conversation_id', 'bigint', true),
    ('messages', 'role', 'text', true),
    ('messages', 'content', 'text', true),
    ('messages', 'tokens_used', 'integer', true),
    ('messages', 'model_used', 'text', false),
    ('messages', 'metadata', 'jsonb', true),
    ('messages', 'created_at', 'timestamp with time zone', true),
    ('knowledge_base', 'id', 'bigint', true),
    ('knowledge_base', 'content_type', 'text', true),
    ('knowledge_base', 'content_id', 'bigint', true),
    ('knowledge_base', 'chunk_index', 'integer', true),
    ('knowledge_base', 'title', 'text', false),
    ('knowledge_base', 'chunk_text', 'text', true),
    ('knowledge_base', 'embedding_model', 'text', false),
    ('knowledge_base', 'chunk_hash', 'text', true),
    ('knowledge_base', 'content_tsv', 'tsvector', true),
    ('knowledge_base', 'metadata', 'jsonb', true),
    ('knowledge_base', 'created_at', 'timestamp with time zone', true),
    ('knowledge_base', 'updated_at', 'timestamp with time zone', true),
    ('settings', 'id', 'bigint', true),
    ('settings', 'setting_key', 'text', true),
    ('settings', 'setting_value', 'jsonb', false),
    ('settings', 'setting_group', 'text', true),
    ('settings', 'is_sensitive', 'boolean', true),
    ('settings', 'created_at', 'timestamp with time zone', true),
    ('settings', 'updated_at', 'timestamp with time zone', true),
    ('analytics', 'id', 'bigint', true),
    ('analytics', 'metric_type', 'text', true),
    ('analytics', 'metric_value', 'numeric', true),
    ('analytics', 'context', 'jsonb', true),
    ('analytics', 'conversation_id', 'bigint', false),
    ('analytics', 'created_at', 'timestamp with time zone', true),
    ('action_logs', 'id', 'bigint', true),
    ('action_logs', 'action_type', 'text', true),
    ('action_logs', 'details', 'jsonb', true),
    ('action_logs', 'success', 'boolean', true),
    ('action_logs', 'severity', 'text', true),
    ('action_logs', 'error_message', 'text', false),
    ('action_logs', 'conversation_id', 'bigint', false),
    ('action_logs', 'user_id', 'bigint', false),
    ('action_logs', 'created_at', 'timestamp with time zone', true)
) e (relation, attribute, type, required)
LEFT JOIN pg_attribute a
    ON a.attrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
   AND a.attname = e.attribute
   AND NOT a.attisdropped;

-- The extension's schema is part of the type's name where it is not on the search path.
SELECT 'columns' AS category,
       'knowledge_base.embedding is halfvec(${dimension:1536})' AS name,
       coalesce(bool_and(t.typname = 'halfvec' AND a.atttypmod = ${dimension:1536}), false) AS passed,
       'it is ' || coalesce(min(format_type(a.atttypid, a.atttypmod)), 'missing') AS detail
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass(format('%I', '${prefix:}woo_ai_knowledge_base'))
  AND a.attname = 'embedding';

SELECT 'indexes' AS category,
       e.relation || '(' || e.columns || ')' AS name,
       EXISTS (
           SELECT
           FROM pg_index i
           WHERE i.indrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
             AND i.indisvalid
             AND i.indisunique = e.is_unique
             AND e.columns = (SELECT string_agg(a.attname, ', ' ORDER BY k.position)
                              FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
                              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)) AS passed
FROM (VALUES
    ('conversations', 'id', true),
    ('conversations', 'session_id', true),
    ('conversations', 'user_id', false),
    ('conversations', 'status, updated_at', false),
    ('conversations', 'created_at', false),
    ('messages', 'id', true),
    ('messages', 'conversation_id, id', false),
    ('knowledge_base', 'id', true),
    ('knowledge_base', 'chunk_hash', true),
    ('knowledge_base', 'content_type, content_id', false),
    ('settings', 'id', true),
    ('settings', 'setting_key', true),
    ('settings', 'setting_group', false),
    ('analytics', 'id', true),
    ('analytics', 'metric_type, created_at', false),
    ('analytics', 'created_at', false),
    ('analytics', 'conversation_id', false),
    ('action_logs', 'id', true),
    ('action_logs', 'action_type, created_at', false),
    ('action_logs', 'created_at', false),
    ('action_logs', 'conversation_id', false)
) e (relation, columns, is_unique);

SELECT 'foreign keys' AS category,
       e.relation || '.conversation_id, on delete ' || e.action AS name,
       EXISTS (
           SELECT
           FROM pg_constraint k
           WHERE k.contype = 'f'
             AND k.convalidated
             AND k.conrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
             AND k.confrelid = to_regclass(format('%I', '${prefix:}woo_ai_conversations'))
             AND k.confdeltype = CASE e.action WHEN 'cascade' THEN 'c' ELSE 'n' END) AS passed
FROM (VALUES ('messages', 'cascade'), ('analytics', 'set null')) e (relation, action);

SELECT 'triggers' AS category,
       e.name || ' is enabled' AS name,
       coalesce(t.tgenabled IN ('O', 'A'), false) AS passed
FROM (VALUES ('conversations', 'woo_ai_touch_conversation'),
             ('conversations', 'woo_ai_stamp_conversation'),
             ('knowledge_base', 'woo_ai_touch_chunk'),
             ('settings', 'woo_ai_touch_setting')) e (relation, name)
LEFT JOIN pg_trigger t
    ON t.tgrelid = to_regclass(format('%I', '${prefix:}woo_ai_' || e.relation))
   AND t.tgname = e.name;
