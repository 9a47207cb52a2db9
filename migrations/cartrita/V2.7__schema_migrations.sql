-- The history under the name that the application's runbooks know: SELECT version, applied_at FROM schema_migrations.
--
-- A view, so there is nothing to keep in step. A table of this name, left by another migration tool, has to be renamed
-- first.
-- gangway: type=metadata
-- gangway: risk=low

CREATE VIEW schema_migrations AS
SELECT h.version, h.description, h.state, h.installed_on AS applied_at, h.installed_by AS applied_by, h.duration_ms
FROM "${gangway:schema}"."${gangway:historyTable}" h
WHERE h.version IS NOT NULL AND h.state IN ('applied', 'baseline', 'adopted');
