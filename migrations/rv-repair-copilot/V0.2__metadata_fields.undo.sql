DROP TABLE metadata_fields;
