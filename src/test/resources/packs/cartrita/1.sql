INSERT INTO users (email, display_name) VALUES
    ('ada@example.org', 'Ada'), ('grace@example.org', 'Grace'), ('Linus@example.org', 'Linus');

INSERT INTO conversations (user_id, title)
SELECT u.id, t.title
FROM users u
JOIN (VALUES ('ada@example.org', 'Training a classifier'), ('ada@example.org', 'Holiday plans'),
             ('grace@example.org', 'Compilers')) t (email, title) ON t.email = u.email;

INSERT INTO messages (conversation_id, role, content)
SELECT c.id, m.role, m.content
FROM conversations c
JOIN (VALUES ('Training a classifier', 'user', 'What is artificial intelligence good for?'),
             ('Training a classifier', 'assistant', 'It finds patterns: in pictures, in text, in sounds.'),
             ('Holiday plans', 'user', 'When do trains leave for the coast?'),
             ('Holiday plans', 'assistant', 'Every hour, from platform 4.'),
             ('Compilers', 'system', 'Answer briefly.'),
             ('Compilers', 'user', 'Who wrote the first compiler?'),
             ('Compilers', 'assistant', 'Grace Hopper, in 1952; it was called A-0.')) m (title, role, content)
    ON m.title = c.title;
