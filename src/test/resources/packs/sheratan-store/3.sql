INSERT INTO document_chunks (document_id, chunk_index, heading, content, embedding, metadata)
SELECT
    d.id,
    i,
    d.title || ', part ' || i,
    d.content || ' Part ' || i || '.',
    (SELECT array_agg(sin(d.id * 100 + i * 10 + n)) FROM generate_series(1, 384) AS n)::vector,
    jsonb_build_object('part', i)
FROM documents AS d
CROSS JOIN generate_series(0, 5) AS i;

INSERT INTO document_chunks (document_id, chunk_index, content)
SELECT id, 6, 'Not embedded yet.' FROM documents;
