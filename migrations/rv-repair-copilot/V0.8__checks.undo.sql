DROP VIEW index_maintenance;
DROP VIEW chunk_integrity_problems;
DROP VIEW schema_problems;
