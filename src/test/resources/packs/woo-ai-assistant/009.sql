SELECT woo_ai_archive_conversations('180 days');
