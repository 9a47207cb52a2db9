-- Whether the vector indexes still fit their rows, and which indexes are used at all.
--
-- An IVFFlat index keeps the lists that it has learnt. When the rows have grown to more than twice as many as its lists
-- are right for, its searches grow slower, and then less sure. set_vector_index_lists() sets what is right and returns
-- the REINDEX … CONCURRENTLY that makes it so, which cannot run in a function.
-- gangway: type=schema
-- gangway: risk=low

CREATE FUNCTION ivfflat_lists(row_count bigint) RETURNS int
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN $1 <= 1000000 THEN greatest($1 / 1000, 1)::int
        ELSE least(sqrt($1)::int, 32768)
    END;
$$;

-- Counts the rows: to be asked now and then, not with each search.
CREATE FUNCTION vector_index_lists()
RETURNS TABLE (index_name text, row_count bigint, lists int, suitable_lists int, fits boolean)
LANGUAGE plpgsql STABLE
SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    embedding_column name;
BEGIN
    FOR index_name, embedding_column, lists IN
        SELECT c.relname::text, t.attname, coalesce(
            (SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) AS o WHERE o.option_name = 'lists'),
            100
        )
        FROM pg_index AS x
        JOIN pg_class AS c ON c.oid = x.indexrelid
        JOIN pg_am AS a ON a.oid = c.relam
        JOIN pg_attribute AS t ON t.attrelid = x.indrelid AND t.attnum = x.indkey[0]
        WHERE x.indrelid = 'document_chunks'::regclass
          AND a.amname = 'ivfflat'
        ORDER BY c.relname
    LOOP
        EXECUTE format('SELECT count(%I) FROM document_chunks', embedding_column) INTO row_count;
        suitable_lists := ivfflat_lists(row_count);
        fits := suitable_lists <= 2 * lists AND lists <= 2 * suitable_lists;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Only for the owner of the table. Returns the statements to run afterwards, none where everything fits.
CREATE FUNCTION set_vector_index_lists() RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    unfit record;
BEGIN
    FOR unfit IN
        SELECT v.index_name, v.suitable_lists FROM vector_index_lists() AS v WHERE NOT v.fits
    LOOP
        EXECUTE format('ALTER INDEX %I SET (lists = %s)', unfit.index_name, unfit.suitable_lists);
        RETURN NEXT format('REINDEX INDEX CONCURRENTLY %s.%I', quote_ident('${gangway:schema}'), unfit.index_name);
    END LOOP;
END
$$;

-- What the guide asks pg_stat_user_indexes for, for the tables of this schema only.
CREATE VIEW index_usage AS
SELECT
    s.schemaname,
    s.relname AS tablename,
    s.indexrelname AS indexname,
    s.idx_scan,
    s.idx_tup_read,
    s.idx_tup_fetch,
    pg_relation_size(s.indexrelid) AS index_bytes,
    x.indisvalid AS valid
FROM pg_stat_user_indexes AS s
JOIN pg_index AS x ON x.indexrelid = s.indexrelid
WHERE s.schemaname = '${gangway:schema}'
  AND s.relname IN ('documents', 'document_chunks', 'jobs', 'audit_logs', 'search_logs')
ORDER BY s.idx_scan, s.indexrelname;
