-- The indexes of single tasks. Built concurrently, because a shop that comes this far has rows, and goes on selling meanwhile.
-- gangway: type=index
-- gangway: requires=1,2
-- gangway: risk=low

-- Conversations that have a tag: tags @> '{refund}'.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_conversations_tags_idx"
    ON "${prefix:}woo_ai_conversations" USING gin (tags);

-- Customers who wait for a human, the longest first.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_conversations_handoff_idx"
    ON "${prefix:}woo_ai_conversations" (handoff_requested_at) WHERE handoff_requested AND status = 'active';

-- What is old enough for the archive.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_conversations_ended_idx"
    ON "${prefix:}woo_ai_conversations" (ended_at) WHERE status <> 'active';

-- Full text. No list of pending entries: it would make now and then one insert, and each search, slow.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_knowledge_base_text_idx"
    ON "${prefix:}woo_ai_knowledge_base" USING gin (content_tsv) WITH (fastupdate = off);

-- Chunks that still need an embedding.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_knowledge_base_todo_idx"
    ON "${prefix:}woo_ai_knowledge_base" (id) WHERE embedding IS NULL;

-- What went wrong, the latest first.
CREATE INDEX CONCURRENTLY "${prefix:}woo_ai_action_logs_problems_idx"
    ON "${prefix:}woo_ai_action_logs" (created_at) WHERE NOT success OR severity IN ('error', 'critical');
