INSERT INTO search_logs (query, results_count, top_score, duration_ms, created_at)
SELECT 'how is the awning pulled out', 10, 0.7, 3.5, now() - make_interval(days => i * 20)
FROM generate_series(1, 10) AS i;
