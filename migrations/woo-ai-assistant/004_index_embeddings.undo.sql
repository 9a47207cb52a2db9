DROP INDEX CONCURRENTLY IF EXISTS "${prefix:}woo_ai_knowledge_base_embedding_idx";
