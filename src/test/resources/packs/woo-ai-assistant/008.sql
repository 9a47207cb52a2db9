SELECT woo_ai_log_action('knowledge_base_indexed', '{"chunks": 7}', conversation => NULL, user_id => 1);
