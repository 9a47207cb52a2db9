SELECT * FROM import_server_config('{"100000000000000003": {"name": "Book club", "temperature": 0.3, "channels": ["5", "6"]}}');
