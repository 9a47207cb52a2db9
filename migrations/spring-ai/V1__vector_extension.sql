-- pgvector, whose type vector the embeddings are stored in. The framework would create hstore and uuid-ossp as well, and
-- needs neither: it uses no hstore, and PostgreSQL 13 and later make UUIDs themselves.
--
-- It takes a superuser (or what the provider has in its place) to create the extension. Where the migrating role may
-- not, an administrator runs this one statement first, and the migration then finds the extension there.
-- gangway: type=schema
-- gangway: risk=low

CREATE EXTENSION IF NOT EXISTS vector;
