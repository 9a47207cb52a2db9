-- Background jobs: pending, then running, then completed or failed. A higher priority goes first.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE jobs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_type     text NOT NULL,
    status       text NOT NULL DEFAULT 'pending'
        CONSTRAINT jobs_status_known CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    priority     int NOT NULL DEFAULT 0,
    payload      jsonb NOT NULL DEFAULT '{}',
    result       jsonb,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    completed_at timestamptz
);

CREATE INDEX idx_jobs_status ON jobs (status);
CREATE INDEX idx_jobs_job_type ON jobs (job_type);
CREATE INDEX idx_jobs_created_at ON jobs (created_at);
CREATE INDEX idx_jobs_priority ON jobs (priority);
