SELECT woo_ai_record_sizes();
