DROP TABLE embedding_source_types;
DROP TABLE embedding_models;
