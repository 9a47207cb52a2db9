-- What was searched for, what came back, and how long it took.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE search_logs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query         text NOT NULL,
    results_count int NOT NULL,
    top_score     double precision,
    duration_ms   double precision,
    metadata      jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_search_logs_created_at ON search_logs (created_at);
