SELECT 'Functions' AS category, expected.name,
       coalesce(NOT p.prosecdef, false) AS passed,
       'it runs as the caller, so that the policies hold' AS detail
FROM (VALUES ('match_documents', 'match_documents(vector, integer, jsonb, double precision, text, text[])'),
             ('hybrid_search',
              'hybrid_search(text, vector, integer, double precision, double precision, integer, jsonb, text)'))
         AS expected (name, signature)
LEFT JOIN pg_proc p ON p.oid = to_regprocedure(expected.signature);
