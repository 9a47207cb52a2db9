SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT FROM pg_index WHERE indrelid = 'jobs'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY['idx_jobs_queue', 'idx_jobs_lease', 'idx_jobs_waiting_key']) AS name;

SELECT 'jobs' AS category,
       'every running job has a lease' AS name,
       NOT EXISTS (SELECT FROM jobs WHERE status = 'running' AND (lease_until IS NULL OR worker IS NULL)) AS passed,
       'one that was set to running by hand is given back by nobody: take_job() does it with a lease' AS detail;
