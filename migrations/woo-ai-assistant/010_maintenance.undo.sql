DROP FUNCTION "${prefix:}woo_ai_record_sizes"();
DROP VIEW "${prefix:}woo_ai_index_usage";
DROP VIEW "${prefix:}woo_ai_table_sizes";
DROP FUNCTION "${prefix:}woo_ai_cleanup_orphaned_chunks"(text, bigint[]);
DROP FUNCTION "${prefix:}woo_ai_cleanup_orphans"(interval);
ALTER TABLE "${prefix:}woo_ai_knowledge_base" RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor);
ALTER TABLE "${prefix:}woo_ai_action_logs" RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
ALTER TABLE "${prefix:}woo_ai_analytics" RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
ALTER TABLE "${prefix:}woo_ai_messages" RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
