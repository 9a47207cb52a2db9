INSERT INTO documents (content, metadata, embedding, guild_id, channel_id, title, source, source_type, tags, chunk_index, is_public)
VALUES
    ('Use /ask to ask the bot a question. It answers from the documents of this server.', '{}', '[0.9,0.1,0]',
     NULL, NULL, 'Commands', 'https://docs.example.org/commands', 'web', '{help,commands}', 0, true),
    ('The bot keeps questions for 90 days.', '{}', '[0.7,0.3,0.1]', NULL, NULL, 'Privacy',
     'https://docs.example.org/privacy', 'web', '{privacy}', 0, true),
    ('Raid night is on Thursday at eight. Bring potions.', '{"pinned": true}', '[0.1,0.9,0]', '100000000000000001',
     '200000000000000001', 'Raids', 'raids.md', 'file', '{raid}', 0, false),
    ('The guild bank opens after the raid. Ask an officer.', '{}', '[0.2,0.8,0.1]', '100000000000000001',
     '200000000000000001', 'Bank', 'bank.md', 'file', '{bank,raid}', 0, false),
    ('Zoë''s recipe: 200 g flour, 3 eggs — "nothing else".', '{}', '[0,0.2,0.9]', '100000000000000002',
     '200000000000000002', 'Crêpes', 'recipes.md', 'file', '{}', 0, false);
INSERT INTO documents (content, metadata, embedding)
VALUES ('Written by LangChain, which knows content, metadata and embedding alone.',
        '{"guild_id": "100000000000000002", "source": "langchain.txt", "page": 3}', '[0.3,0.3,0.9]'),
       ('Not embedded yet.', '{}', NULL);
INSERT INTO server_configs (guild_id, guild_name, settings)
VALUES ('100000000000000001', 'Raiders', '{"model": "small", "max_results": 5}'),
       ('100000000000000002', 'Zoë''s "Kitchen" 🍳', '{"language": "fr", "channels": ["200000000000000002"]}');
INSERT INTO query_history (user_id, guild_id, channel_id, query_text, response_text, document_ids, model, tokens_used,
                           response_time_ms, cache_hit, error, created_at)
SELECT '30000000000000000' || (i % 3 + 1), '10000000000000000' || (i % 2 + 1), '200000000000000001',
       'When is raid night ' || i || '?', 'On Thursday.', (SELECT array_agg(id) FROM documents WHERE title = 'Raids'), 'small',
       100 + i, 200 + 10 * i, i % 4 = 0, CASE WHEN i = 9 THEN 'the model did not answer' END, now() - i * interval '1 hour'
FROM generate_series(1, 12) i;
INSERT INTO query_cache (guild_id, query_hash, query_text, response_text, sources, hit_count, created_at, expires_at)
SELECT guild, encode(sha256(convert_to(question, 'UTF8')), 'hex'), question, 'On Thursday.', '[{"title": "Raids"}]', hits,
       now() - interval '2 days', now() + hours * interval '1 hour'
FROM (VALUES ('100000000000000001', 'when is raid night?', 3, 5), ('', 'how do i ask?', 0, 8),
             ('100000000000000002', 'how many eggs?', 0, -4)) v (guild, question, hits, hours);
INSERT INTO rate_limits (user_id, guild_id, request_count, window_started_at, expires_at)
VALUES ('300000000000000001', '100000000000000001', 4, now(), now() + interval '1 minute'),
       ('300000000000000002', '', 10, now() - interval '2 minutes', now() - interval '1 minute');
INSERT INTO user_profiles (user_id, username, preferences, guild_ids, total_queries, total_tokens, timed_queries,
                           total_response_time_ms, last_query_at)
VALUES ('300000000000000001', 'rána', '{"language": "en"}', '{100000000000000001}', 4, 420, 4, 1000, now()),
       ('300000000000000002', 'O''Neill', '{}', '{100000000000000001,100000000000000002}', 4, 430, 3, 960, now());
INSERT INTO feedback (query_id, user_id, guild_id, rating, comment)
SELECT id, user_id, guild_id, 1 + id % 5, 'that helped' FROM query_history ORDER BY id LIMIT 4;
INSERT INTO audit_logs (event_type, user_id, details)
VALUES ('bot.started', NULL, '{"version": "1.0.0"}'), ('config.denied', '300000000000000002', '{"command": "/config"}');
