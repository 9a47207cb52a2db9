SELECT 'Tables' AS category, name, to_regclass('"${gangway:schema}".' || name) IS NOT NULL AS passed
FROM unnest(ARRAY['documents', 'server_configs', 'query_history', 'query_cache', 'rate_limits', 'user_profiles',
                  'feedback', 'audit_logs']) AS name;

-- Three extensions are what the documents of such a schema usually ask for; PostgreSQL 13 has two of them built in.
SELECT 'Extensions', 'vector with iterative index scans',
       string_to_array(regexp_replace(extversion, '[^0-9.].*$', ''), '.')::int[] >= '{0,8,0}',
       'it is ' || extversion || '; 0.8.0 or later is needed'
FROM pg_extension WHERE extname = 'vector';
SELECT 'Extensions', 'gen_random_uuid without uuid-ossp', to_regprocedure('pg_catalog.gen_random_uuid()') IS NOT NULL,
       'built into PostgreSQL 13 and later';
SELECT 'Extensions', 'sha256 without pgcrypto', to_regprocedure('pg_catalog.sha256(bytea)') IS NOT NULL,
       'built into PostgreSQL 11 and later';

SELECT 'Data Types', 'documents.embedding is vector(${vectorDimension:1536})',
       t.typname = 'vector' AND a.atttypmod = ${vectorDimension:1536},
       'it is ' || format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = 'documents'::regclass AND a.attname = 'embedding';
SELECT 'Data Types', 'query_history.document_ids has the type of documents.id',
       format_type(ids.atttypid, NULL) = format_type(id.atttypid, NULL) || '[]',
       format_type(ids.atttypid, NULL) || ' beside ' || format_type(id.atttypid, NULL)
FROM pg_attribute id, pg_attribute ids
WHERE id.attrelid = 'documents'::regclass AND id.attname = 'id'
  AND ids.attrelid = 'query_history'::regclass AND ids.attname = 'document_ids';
SELECT 'Data Types', 'all times have a time zone', coalesce(bool_and(a.atttypid = 'timestamptz'::regtype), false),
       string_agg(a.attrelid::regclass || '.' || a.attname, ', ') FILTER (WHERE a.atttypid <> 'timestamptz'::regtype)
FROM pg_attribute a
WHERE a.attrelid IN (SELECT to_regclass('"${gangway:schema}".' || name)
                     FROM unnest(ARRAY['documents', 'server_configs', 'query_history', 'query_cache', 'rate_limits',
                                       'user_profiles', 'feedback', 'audit_logs']) AS name)
  AND a.attname LIKE '%\_at' AND NOT a.attisdropped;

SELECT 'Constraints', 'feedback keeps what it says when its question goes', confdeltype = 'n' AND convalidated
FROM pg_constraint WHERE conrelid = 'feedback'::regclass AND conname = 'feedback_query';
SELECT 'Constraints', 'a rating is from 1 to 5', convalidated, pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = 'feedback'::regclass AND conname = 'feedback_rating_1_to_5';

SELECT 'Indexes', name, coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(name)), false)
FROM unnest(ARRAY['idx_server_configs_settings', 'idx_query_history_user', 'idx_query_history_guild',
                  'idx_query_history_created_at', 'idx_query_history_documents', 'idx_query_history_text',
                  'idx_query_history_errors', 'idx_query_cache_expires_at', 'idx_rate_limits_expires_at',
                  'idx_user_profiles_last_query_at', 'idx_user_profiles_preferences', 'idx_feedback_user',
                  'idx_feedback_negative', 'idx_audit_logs_created_at', 'idx_audit_logs_row', 'idx_audit_logs_user'])
         AS name;

SELECT 'Functions', 'update_updated_at_column', to_regprocedure('update_updated_at_column()') IS NOT NULL;
SELECT 'Functions', 'documents_from_metadata', to_regprocedure('documents_from_metadata()') IS NOT NULL;

SELECT 'Triggers', expected.name,
       EXISTS (SELECT FROM pg_trigger t
               WHERE t.tgrelid = to_regclass(expected.tab) AND t.tgname = expected.name AND t.tgenabled = 'O')
FROM (VALUES ('documents', 'documents_from_metadata'), ('documents', 'documents_updated_at'),
             ('server_configs', 'server_configs_updated_at'), ('user_profiles', 'user_profiles_updated_at'))
         AS expected (tab, name);
