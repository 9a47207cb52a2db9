DELETE FROM repair_chunks WHERE source LIKE 'sample-manuals/%';
DELETE FROM migration_row_counts WHERE version = '0.9';
