-- pgvector. It takes a superuser (or what the provider has in its place) to create the extension. Where the migrating
-- role may not, an administrator runs this one statement first, and the migration then finds the extension there.
-- gangway: type=schema
-- gangway: risk=low

CREATE EXTENSION IF NOT EXISTS vector;
