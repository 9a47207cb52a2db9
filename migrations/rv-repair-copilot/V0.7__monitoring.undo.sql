DROP VIEW current_schema_version;
DROP VIEW migration_metrics;
DROP VIEW migration_runs;
DROP VIEW search_performance_impact;
DROP FUNCTION record_search_performance(text, text, integer);
DROP TABLE search_performance;
DROP TABLE migration_row_counts;
