SELECT woo_ai_add_message(id, 'assistant', 'Your order left our warehouse yesterday.', 154, 'gemini-2.5-flash', '{"order": 1187}')
FROM woo_ai_conversations WHERE session_id = 'sess-e510';
