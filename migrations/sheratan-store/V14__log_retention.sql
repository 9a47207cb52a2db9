-- Deletes what is older than a number of days from the logs.
--
-- The two functions delete in batches, each of which passes over rows that another session is deleting, and return how
-- many rows they deleted; they are one transaction with their caller's. With max_rows they stop there, so that a job can
-- call again until 0 come back. cleanup_old_logs() does that by itself: CALL it outside of a transaction.
-- gangway: type=schema
-- gangway: risk=low

CREATE FUNCTION delete_old_logs(log_table regclass, days int, max_rows bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    batch_size CONSTANT int := 10000;
    batch int;
    deleted bigint := 0;
BEGIN
    IF days IS NULL OR days < 0 OR max_rows < 1 THEN
        RAISE EXCEPTION 'days is %, max_rows is %', days, max_rows
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'days is how long to keep what is logged, 0 for not at all; max_rows is at least 1, or NULL.';
    END IF;
    LOOP
        EXECUTE format(
            'DELETE FROM %1$s WHERE id IN (
                SELECT id FROM %1$s WHERE created_at < now() - make_interval(days => $1)
                ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)',
            log_table)
        USING days, least(batch_size, max_rows - deleted);
        GET DIAGNOSTICS batch = ROW_COUNT;
        deleted := deleted + batch;
        EXIT WHEN batch = 0 OR deleted >= max_rows;
    END LOOP;
    RETURN deleted;
END
$$;

CREATE FUNCTION cleanup_old_audit_logs(days int DEFAULT 90, max_rows bigint DEFAULT NULL) RETURNS bigint
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT delete_old_logs('audit_logs', $1, $2);
$$;

CREATE FUNCTION cleanup_old_search_logs(days int DEFAULT 90, max_rows bigint DEFAULT NULL) RETURNS bigint
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    SELECT delete_old_logs('search_logs', $1, $2);
$$;

-- Without a search path of its own, because a procedure that has one may not commit; so its names are qualified.
CREATE PROCEDURE cleanup_old_logs(days int DEFAULT 90, batch_size bigint DEFAULT 10000)
LANGUAGE plpgsql
AS $$
DECLARE
    deleted bigint;
BEGIN
    LOOP
        deleted := "${gangway:schema}".cleanup_old_audit_logs(days, batch_size)
            + "${gangway:schema}".cleanup_old_search_logs(days, batch_size);
        COMMIT;
        EXIT WHEN deleted = 0;
    END LOOP;
END
$$;
