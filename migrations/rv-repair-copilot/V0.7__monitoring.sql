-- Whether migrations succeed, how long they take, whether they lose rows, and whether searches are as fast as before;
-- whether schema and chunks are what they should be; what an index rebuild takes.
-- gangway: type=schema
-- gangway: risk=low

-- Data migrations count the chunks as their first and as their last act. Migrations of the other types remove no rows.
CREATE TABLE migration_row_counts (
    version           text PRIMARY KEY,
    chunks_before     bigint NOT NULL,
    embeddings_before bigint NOT NULL,
    chunks_after      bigint,
    embeddings_after  bigint
);

-- How long the ten nearest of known chunks take to find, in milliseconds.
CREATE TABLE search_performance (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    measured_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version     text NOT NULL,
    moment      text NOT NULL
        CONSTRAINT search_performance_moment_known CHECK (moment IN ('before', 'after', 'at rest')),
    queries     integer NOT NULL,
    p50_ms      double precision NOT NULL,
    p95_ms      double precision NOT NULL
);

CREATE INDEX idx_search_performance_version ON search_performance (version, moment, measured_at);

-- The migrations on the way to a version call it before the first and after the last step. Searches at most for two
-- seconds, and writes nothing where there is no chunk with an embedding yet.
CREATE FUNCTION record_search_performance(for_version text, at_moment text DEFAULT 'at rest', queries integer DEFAULT 20)
RETURNS integer
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    question vector;
    began    timestamptz;
    deadline timestamptz := clock_timestamp() + interval '2 seconds';
    millis   double precision[] := '{}';
BEGIN
    FOR question IN
        SELECT c.embedding FROM repair_chunks c WHERE c.embedding IS NOT NULL ORDER BY c.id LIMIT greatest(queries, 1)
    LOOP
        began := clock_timestamp();
        PERFORM count(*) FROM search_repair_chunks(question, 10);
        millis := millis || extract(epoch FROM clock_timestamp() - began)::double precision * 1000;
        EXIT WHEN clock_timestamp() > deadline;
    END LOOP;
    IF cardinality(millis) > 0 THEN
        INSERT INTO search_performance (version, moment, queries, p50_ms, p95_ms)
        SELECT for_version, at_moment, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY m),
               percentile_cont(0.95) WITHIN GROUP (ORDER BY m)
        FROM unnest(millis) m;
    END IF;
    RETURN cardinality(millis);
END
$$;

-- The last measurement before a version, and the first after it.
CREATE VIEW search_performance_impact AS
SELECT a.version,
       b.p50_ms AS p50_before_ms,
       a.p50_ms AS p50_after_ms,
       b.p95_ms AS p95_before_ms,
       a.p95_ms AS p95_after_ms,
       round((100 * (a.p50_ms / nullif(b.p50_ms, 0) - 1))::numeric, 1) AS p50_change_percent
FROM search_performance a
CROSS JOIN LATERAL (
    SELECT s.p50_ms, s.p95_ms, s.measured_at
    FROM search_performance s
    WHERE s.version = a.version AND s.moment = 'before' AND s.measured_at <= a.measured_at
    ORDER BY s.measured_at DESC
    LIMIT 1
) b
WHERE a.moment = 'after'
  AND NOT EXISTS (
      SELECT FROM search_performance e
      WHERE e.version = a.version AND e.moment = 'after'
        AND e.measured_at >= b.measured_at AND e.measured_at < a.measured_at);

-- One row a migration. rows_lost counts what the application deletes while a data migration runs in batches, too. It is
-- null while a data migration is not at its end.
CREATE VIEW migration_runs AS
SELECT h.rank,
       h.version,
       h.description,
       h.type,
       h.state,
       h.installed_on,
       h.duration_ms,
       h.rows_changed,
       c.chunks_before,
       c.chunks_after,
       CASE
           WHEN h.type <> 'data' OR c.version IS NULL THEN 0
           ELSE greatest(c.chunks_before - c.chunks_after, 0) + greatest(c.embeddings_before - c.embeddings_after, 0)
       END AS rows_lost,
       h.error
FROM "${gangway:schema}"."${gangway:historyTable}" h
LEFT JOIN migration_row_counts c ON c.version = h.version AND h.state <> 'undone';

-- All migrations in one row. The history holds how each migration stands: one that has failed and was then applied
-- counts as a success, with the time that both took.
CREATE VIEW migration_metrics AS
SELECT count(*) FILTER (WHERE state <> 'deferred') AS migrations,
       count(*) FILTER (WHERE state IN ('failed', 'started')) AS unsuccessful,
       round(100.0 * count(*) FILTER (WHERE state NOT IN ('failed', 'started', 'deferred'))
           / nullif(count(*) FILTER (WHERE state <> 'deferred'), 0), 1) AS success_rate_percent,
       sum(duration_ms)::bigint AS total_duration_ms,
       max(duration_ms) AS longest_duration_ms,
       sum(rows_lost)::bigint AS rows_lost
FROM migration_runs;

-- A version is reached when the migration of that number is applied, which is the last of its steps.
CREATE VIEW current_schema_version AS
SELECT h.version,
       h.installed_on AS last_updated,
       CASE
           WHEN EXISTS (
               SELECT FROM "${gangway:schema}"."${gangway:historyTable}" x WHERE x.state IN ('failed', 'started'))
               THEN 'incomplete'
           ELSE 'production ready'
       END AS status
FROM "${gangway:schema}"."${gangway:historyTable}" h
WHERE h.state IN ('applied', 'baseline', 'adopted')
  AND h.version IN (SELECT f.since_version FROM metadata_fields f)
ORDER BY string_to_array(h.version, '.')::int[] DESC
LIMIT 1;
