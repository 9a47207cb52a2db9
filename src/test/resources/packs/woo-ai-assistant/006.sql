SELECT woo_ai_set_setting('gemini_api_key', '"AIzaSy-not-a-real-key-0001"', 'ai', true);
SELECT woo_ai_set_setting('widget_position', '"bottom-right"', 'appearance');
