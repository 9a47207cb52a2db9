INSERT INTO woo_ai_conversations (user_id, user_name, session_id, status, rating, handoff_requested, context, created_at, updated_at) VALUES
    (17, 'Ada Kovač', 'sess-7f3a', 'completed', 5, false, '{"page": "/product/road-bike"}', now() - interval '120 days', now() - interval '120 days'),
    (NULL, NULL, 'sess-91bc', 'active', NULL, false, '{"page": "/cart"}', now() - interval '5 minutes', now() - interval '4 minutes'),
    (23, 'Björn', 'sess-d002', 'abandoned', NULL, false, '{}', now() - interval '40 days', now() - interval '40 days'),
    (42, NULL, 'sess-e510', 'active', 2, true, '{"order": 1187}', now() - interval '1 day', now() - interval '1 day');

INSERT INTO woo_ai_messages (conversation_id, role, content, tokens_used, model_used, metadata)
SELECT c.id, m.role, m.content, m.tokens, m.model, '{"source": "widget"}'
FROM woo_ai_conversations c
JOIN (VALUES
    ('sess-7f3a', 1, 'user', 'Does the road bike come in size 58?', 0, NULL),
    ('sess-7f3a', 2, 'assistant', 'Yes, in red and in black. Both are in stock.', 212, 'gemini-2.5-flash'),
    ('sess-7f3a', 3, 'user', 'Thanks!', 0, NULL),
    ('sess-91bc', 1, 'user', 'Is there a coupon?', 0, NULL),
    ('sess-91bc', 2, 'assistant', 'WELCOME10 takes ten per cent off your first order.', 180, 'gemini-2.5-flash'),
    ('sess-d002', 1, 'user', 'Where do you ship to?', 0, NULL),
    ('sess-e510', 1, 'system', 'The customer is logged in.', 12, NULL),
    ('sess-e510', 2, 'user', 'My order 1187 has not arrived. I want to talk to somebody.', 0, NULL)
) m (session_id, place, role, content, tokens, model) USING (session_id)
ORDER BY c.id, m.place;

INSERT INTO woo_ai_knowledge_base (content_type, content_id, chunk_index, title, chunk_text, embedding, embedding_model, metadata) VALUES
    ('product', 101, 0, 'Road bike', 'A light road bike with an aluminium frame and 22 gears.', '[0.9,0.1,0]', 'text-embedding-3-small', '{"sku": "RB-22"}'),
    ('product', 101, 1, 'Road bike', 'Sizes 50 to 60, in red and black.', '[0.8,0.2,0]', 'text-embedding-3-small', '{"sku": "RB-22"}'),
    ('product', 102, 0, 'City bike', 'A city bike with a basket, lights and a luggage rack.', '[0.7,0.3,0.1]', 'text-embedding-3-small', '{}'),
    ('page', 7, 0, 'Shipping', 'We ship to all of Europe within five days.', '[0,0.9,0.2]', 'text-embedding-3-small', '{}'),
    ('page', 8, 0, 'Returns', 'Send it back within thirty days and get a full refund.', '[0.1,0.8,0.5]', 'text-embedding-3-small', '{}'),
    ('post', 55, 0, 'Spring', 'How to get your bike ready for spring.', NULL, NULL, '{}');

INSERT INTO woo_ai_settings (setting_key, setting_value, setting_group) VALUES
    ('widget_color', '"#007cba"', 'appearance'),
    ('max_tokens', '1000', 'ai'),
    ('office_hours', '{"from": "09:00", "to": "17:00"}', 'handoff');

INSERT INTO woo_ai_analytics (metric_type, metric_value, context, conversation_id, created_at)
SELECT 'response_time_ms', 300 + 10 * c.id, '{"model": "gemini-2.5-flash"}', c.id, c.created_at
FROM woo_ai_conversations c;

INSERT INTO woo_ai_action_logs (action_type, details, success, severity, error_message, conversation_id)
SELECT 'coupon_created', '{"code": "WELCOME10"}'::jsonb, true, 'info', NULL, id FROM woo_ai_conversations WHERE session_id = 'sess-91bc'
UNION ALL
SELECT 'model_called', '{"model": "gemini-2.5-flash"}', false, 'error', 'timeout after 30 s', id
FROM woo_ai_conversations WHERE session_id = 'sess-e510';
