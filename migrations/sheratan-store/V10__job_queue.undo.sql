DROP FUNCTION reclaim_jobs();
DROP FUNCTION retry_job(bigint);
DROP FUNCTION fail_job(bigint, text, text, interval);
DROP FUNCTION complete_job(bigint, text, jsonb);
DROP FUNCTION extend_job(bigint, text, interval);
DROP FUNCTION take_job(text, text[], interval);
DROP FUNCTION enqueue_job(text, jsonb, int, text, timestamptz, int);

DROP INDEX idx_jobs_queue;

ALTER TABLE jobs
    DROP COLUMN job_key,
    DROP COLUMN run_at,
    DROP COLUMN worker,
    DROP COLUMN lease_until,
    DROP COLUMN attempts,
    DROP COLUMN max_attempts;
