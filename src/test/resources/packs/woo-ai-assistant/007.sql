SELECT woo_ai_upsert_chunk('product', 103, 0, 'A helmet that weighs next to nothing.', '[0.5,0.5,0.5]', 'Helmet', 'text-embedding-3-small', '{"sku": "H-1"}');
