SELECT 'privileges' AS category,
       p.proname || ' is not for everybody' AS name,
       NOT EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0) AS passed
FROM pg_proc p
WHERE p.pronamespace = '"${gangway:schema}"'::regnamespace
  AND p.prosecdef
  AND p.proname LIKE replace('${prefix:}', '_', '\_') || 'woo\_ai\_%';
