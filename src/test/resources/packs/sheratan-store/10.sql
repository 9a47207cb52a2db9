INSERT INTO jobs (job_type, job_key, max_attempts) VALUES ('reindex', 'weekly', 1);
