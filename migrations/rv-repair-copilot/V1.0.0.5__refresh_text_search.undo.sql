-- The texts stay as they are: they fit the languages that are known. The undo of V1.0.0.3 makes them anew.
DELETE FROM migration_row_counts WHERE version = '1.0.0.5';
