INSERT INTO search_performance_metrics (search_type, execution_time_ms, model_id, requested, results_count, created_at)
SELECT CASE WHEN g % 3 = 0 THEN 'hybrid' ELSE 'similarity' END, 0.4 + g / 10.0, 1, 10, 10, now() - g * interval '1 hour'
FROM generate_series(1, 12) g;

INSERT INTO retrieval_configurations (name, description, vector_weight, text_weight, match_count, model)
VALUES ('support', 'tickets, by the small model', 0.5, 0.5, 5, 'all-MiniLM-L6-v2');
