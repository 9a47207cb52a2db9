SELECT 'privileges' AS category,
       'woo_ai_settings shows by policy what is not sensitive' AS name,
       coalesce(bool_and(c.relrowsecurity AND p.polpermissive AND p.polcmd = 'r'), false) AS passed
FROM pg_class c
JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.oid = to_regclass(format('%I', '${prefix:}woo_ai_settings'));

SELECT 'privileges' AS category,
       p.proname || ' is not for everybody' AS name,
       NOT EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0) AS passed
FROM pg_proc p
WHERE p.pronamespace = quote_ident(current_schema())::regnamespace
  AND p.prosecdef
  AND p.proname LIKE replace('${prefix:}', '_', '\_') || 'woo\_ai\_%';
