INSERT INTO jobs (job_type, status, priority, payload, result, error, started_at, completed_at) VALUES
    ('import', 'pending', 5, '{"file": "manuals/heater.md"}', NULL, NULL, NULL, NULL),
    ('import', 'pending', 0, '{"file": "manuals/fridge.md"}', NULL, NULL, NULL, NULL),
    ('import', 'completed', 0, '{"file": "manuals/gas.md"}', '{"chunks": 7}', NULL, now() - interval '1 hour', now()),
    ('import', 'failed', 0, '{"file": "manuals/none.md"}', NULL, 'no such file', now() - interval '1 hour', now());
