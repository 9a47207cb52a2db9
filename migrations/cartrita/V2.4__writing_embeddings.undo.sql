-- Triggers that an application has put on its own tables go with the function: they would fail without it.
DROP VIEW stale_embeddings;
DROP TRIGGER embeddings_notify_truncate ON embeddings;
DROP TRIGGER embeddings_notify_delete ON embeddings;
DROP TRIGGER embeddings_notify_update ON embeddings;
DROP TRIGGER embeddings_notify_insert ON embeddings;
DROP FUNCTION embeddings_notify_change();
DROP FUNCTION invalidate_source_embeddings() CASCADE;
DROP FUNCTION invalidate_embeddings(text, text, text);
DROP FUNCTION needs_embedding(text, text, text, text, int, bytea);
DROP FUNCTION upsert_embedding(text, text, text, vector, text, int, jsonb, bytea);
DROP FUNCTION embedding_model_for(text, int);
