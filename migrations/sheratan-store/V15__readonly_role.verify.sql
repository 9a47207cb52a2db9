SELECT 'privileges' AS category,
       '${readonlyRole:sheratan_readonly} reads ' || name || ' and changes nothing' AS name,
       has_table_privilege('${readonlyRole:sheratan_readonly}', name::regclass, 'SELECT')
           AND NOT has_table_privilege(
               '${readonlyRole:sheratan_readonly}', name::regclass, 'INSERT, UPDATE, DELETE, TRUNCATE'
           ) AS passed
FROM unnest(ARRAY['documents', 'document_chunks', 'jobs', 'audit_logs', 'search_logs']) AS name;
