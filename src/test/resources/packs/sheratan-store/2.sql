INSERT INTO documents (title, content, source, metadata) VALUES
    ('Awning', 'The awning is pulled out by hand. A storm can tear it.', 'manuals/awning.md', '{"language": "en"}'),
    ('Water pump', 'The pump starts when a tap is opened. Winter: drain it.', 'manuals/pump.md', '{"language": "en"}'),
    ('Gas', 'Shut the bottle while driving. A leak smells of eggs.', 'manuals/gas.md', '{"language": "en"}'),
    ('Markise', 'Die Markise wird von Hand ausgezogen.', 'handbuch/markise.md', '{"language": "de"}');
