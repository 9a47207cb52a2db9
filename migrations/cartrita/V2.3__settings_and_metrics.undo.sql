DROP TABLE retrieval_configurations;
DROP FUNCTION prune_search_metrics(interval);
DROP FUNCTION record_search(text, timestamptz, int, int, int);
DROP TABLE search_performance_metrics;
DROP TABLE search_settings;
