SELECT 'indexes' AS category,
       name,
       EXISTS (
           SELECT FROM pg_index WHERE indrelid = 'jobs'::regclass AND indexrelid = to_regclass(name) AND indisvalid
       ) AS passed
FROM unnest(ARRAY[
    'idx_jobs_status',
    'idx_jobs_job_type',
    'idx_jobs_created_at',
    'idx_jobs_priority'
]) AS name;
