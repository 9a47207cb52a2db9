DROP TABLE search_logs;
