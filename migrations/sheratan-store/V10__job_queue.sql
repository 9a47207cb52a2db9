-- The queue that workers take jobs from, each job once.
--
-- A worker takes a job for a time (its lease) and says when it is done, has failed, or needs longer. What a worker leaves
-- behind that died is given back by reclaim_jobs(). Everything here is short: take_job() is to be committed before the
-- work begins, so that no lock is held while a model thinks.
--
-- idx_jobs_queue is the queue itself, in the order in which jobs are taken; only what waits is in it, so it stays small
-- however many jobs are done. A job with a key waits at most once (idx_jobs_waiting_key): whoever enqueues it again finds
-- the one that waits.
-- gangway: type=schema
-- gangway: risk=low

ALTER TABLE jobs
    ADD COLUMN job_key      text,
    ADD COLUMN run_at       timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN worker       text,
    ADD COLUMN lease_until  timestamptz,
    ADD COLUMN attempts     int NOT NULL DEFAULT 0,
    ADD COLUMN max_attempts int NOT NULL DEFAULT 5,
    ADD CONSTRAINT jobs_attempts_counted CHECK (attempts >= 0 AND max_attempts > 0);

CREATE INDEX idx_jobs_queue ON jobs (priority DESC, created_at, id) WHERE status = 'pending';
CREATE INDEX idx_jobs_lease ON jobs (lease_until) WHERE status = 'running';
CREATE UNIQUE INDEX idx_jobs_waiting_key ON jobs (job_type, job_key) WHERE status = 'pending';

-- The update in the conflict changes nothing but holds the waiting job until this transaction ends: a worker cannot take
-- it before it can see what the job is about.
CREATE FUNCTION enqueue_job(
    job_type text,
    payload jsonb DEFAULT '{}',
    priority int DEFAULT 0,
    job_key text DEFAULT NULL,
    run_at timestamptz DEFAULT NULL,
    max_attempts int DEFAULT 5
) RETURNS bigint
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    INSERT INTO jobs AS j (job_type, payload, priority, job_key, run_at, max_attempts)
    VALUES ($1, coalesce($2, '{}'), coalesce($3, 0), $4, coalesce($5, now()), coalesce($6, 5))
    ON CONFLICT (job_type, job_key) WHERE status = 'pending'
        DO UPDATE SET priority = greatest(j.priority, EXCLUDED.priority)
    RETURNING id;
$$;

-- The next job, or no row. job_types NULL: any. SKIP LOCKED passes over what another worker is taking at this moment.
CREATE FUNCTION take_job(
    worker text,
    job_types text[] DEFAULT NULL,
    lease interval DEFAULT '5 minutes'
) RETURNS SETOF jobs
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    IF take_job.worker IS NULL OR coalesce(lease, '0') <= interval '0' THEN
        RAISE EXCEPTION 'a worker needs a name and a lease of some time'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'take_job(''host-1/4711'', lease => ''5 minutes'')';
    END IF;
    RETURN QUERY
    UPDATE jobs AS j
    SET status = 'running',
        worker = take_job.worker,
        attempts = j.attempts + 1,
        started_at = clock_timestamp(),
        lease_until = clock_timestamp() + lease
    WHERE j.id = (
        SELECT w.id
        FROM jobs AS w
        WHERE w.status = 'pending'
          AND w.run_at <= clock_timestamp()
          AND (job_types IS NULL OR w.job_type = ANY (job_types))
        ORDER BY w.priority DESC, w.created_at, w.id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING j.*;
END
$$;

-- Each of these three is false when the worker has the job no more: its lease ran out and another one has it.
CREATE FUNCTION extend_job(job_id bigint, worker text, lease interval DEFAULT '5 minutes') RETURNS boolean
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    WITH extended AS (
        UPDATE jobs
        SET lease_until = clock_timestamp() + $3
        WHERE id = $1 AND status = 'running' AND jobs.worker = $2
        RETURNING id
    )
    SELECT EXISTS (SELECT FROM extended);
$$;

CREATE FUNCTION complete_job(job_id bigint, worker text, result jsonb DEFAULT NULL) RETURNS boolean
LANGUAGE sql
SET search_path = "${gangway:schema}", pg_temp
AS $$
    WITH completed AS (
        UPDATE jobs
        SET status = 'completed',
            result = $3,
            error = NULL,
            completed_at = clock_timestamp(),
            lease_until = NULL
        WHERE id = $1 AND status = 'running' AND jobs.worker = $2
        RETURNING id
    )
    SELECT EXISTS (SELECT FROM completed);
$$;

-- Tried again after backoff, twice as long after each further attempt and an hour at most; after max_attempts it has
-- failed for good. If the same job waits again already, this one is not needed and has failed, too.
CREATE FUNCTION fail_job(job_id bigint, worker text, error text, backoff interval DEFAULT '10 seconds') RETURNS boolean
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    UPDATE jobs AS j
    SET status = 'pending',
        error = fail_job.error,
        worker = NULL,
        lease_until = NULL,
        run_at = clock_timestamp()
            + least(coalesce(backoff, '0') * power(2, least(j.attempts - 1, 20)), interval '1 hour')
    WHERE j.id = job_id
      AND j.status = 'running'
      AND j.worker = fail_job.worker
      AND j.attempts < j.max_attempts;
    IF FOUND THEN
        RETURN true;
    END IF;
    UPDATE jobs AS j
    SET status = 'failed', error = fail_job.error, completed_at = clock_timestamp(), lease_until = NULL
    WHERE j.id = job_id AND j.status = 'running' AND j.worker = fail_job.worker;
    RETURN FOUND;
EXCEPTION
    WHEN unique_violation THEN
        UPDATE jobs AS j
        SET status = 'failed', error = fail_job.error, completed_at = clock_timestamp(), lease_until = NULL
        WHERE j.id = job_id AND j.status = 'running' AND j.worker = fail_job.worker;
        RETURN FOUND;
END
$$;

-- A failed job from the beginning, when what was wrong has been mended. False: it has not failed, or waits again already.
CREATE FUNCTION retry_job(job_id bigint) RETURNS boolean
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    UPDATE jobs
    SET status = 'pending', attempts = 0, run_at = clock_timestamp(), worker = NULL, completed_at = NULL
    WHERE id = job_id AND status = 'failed';
    RETURN FOUND;
EXCEPTION
    WHEN unique_violation THEN
        RETURN false;
END
$$;

-- Gives back the jobs of workers whose lease has run out, and returns how many; to be called every minute or so, by
-- anybody and by several at once.
CREATE FUNCTION reclaim_jobs() RETURNS int
LANGUAGE plpgsql
SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    stale record;
    reclaimed int := 0;
BEGIN
    FOR stale IN
        SELECT j.id, j.worker
        FROM jobs AS j
        WHERE j.status = 'running' AND j.lease_until < clock_timestamp()
        ORDER BY j.lease_until
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM fail_job(stale.id, stale.worker, 'the lease of ' || stale.worker || ' ran out', interval '0');
        reclaimed := reclaimed + 1;
    END LOOP;
    RETURN reclaimed;
END
$$;
