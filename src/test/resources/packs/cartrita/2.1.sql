INSERT INTO embedding_models (name, provider, dimensions) VALUES ('bge-m3', 'baai', 1024);
INSERT INTO embedding_source_types (name, modality, description) VALUES ('ticket', 'text', 'a support ticket');
