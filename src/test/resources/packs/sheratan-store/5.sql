INSERT INTO audit_logs (event_type, user_id, resource, action, details, ip_address, created_at)
SELECT 'document', 'user-' || i % 3, 'documents/' || i, 'read', '{}', '192.0.2.7', now() - make_interval(days => i * 20)
FROM generate_series(1, 10) AS i;
