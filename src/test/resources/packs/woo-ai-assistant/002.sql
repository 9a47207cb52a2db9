INSERT INTO woo_ai_conversations (user_id, user_name, session_id, status, rating, tags, created_at, updated_at) VALUES
    (17, 'Ada Kovač', 'sess-aa10', 'completed', 4, '{refund,vip}', now() - interval '10 days', now() - interval '10 days'),
    (NULL, NULL, 'sess-aa11', 'abandoned', NULL, '{shipping}', now() - interval '200 days', now() - interval '200 days');
