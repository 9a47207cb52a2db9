-- What 1.1.0 adds: a gas appliance, for which somebody has to be certified.
INSERT INTO repair_chunks (
    content, embedding, brand, component, source, chunk_index, total_chunks, file_hash, ingestion_date,
    compliance_standards, certification_required, estimated_cost, skill_prerequisites, related_procedures,
    video_tutorials, user_ratings, last_verified)
SELECT t.content,
       (SELECT array_agg(sin(i * (t.n + 20) * 0.017)) FROM generate_series(1, 1536) i)::vector,
       'Atwood', 'Water heater', 'atwood-g6a-8e-2016.pdf', t.n, 3, '5be2', '2025-02-01 12:00:00+00',
       '{"ANSI Z21.57","NFPA 1192"}', t.n = 0,
       jsonb_build_object('currency', 'USD', 'min', 40 + 30 * t.n, 'max', 120 + 60 * t.n),
       '{"LP gas certification"}', '{drain-water-heater,leak-test}', '{https://videos.example.com/g6a-8e}',
       jsonb_build_object('average', 4.2 + t.n / 10.0, 'count', 12 + t.n), '2025-02-10 09:30:00+00'
FROM (VALUES
    (0, 'Leak test after any work on the gas line: 11 inches of water column for 15 minutes without a drop.'),
    (1, 'Water heater lights and goes out again: clean the main burner tube and set the spark gap to 1/8 inch.'),
    (2, 'Replace the pressure relief valve when it weeps at less than 150 psi.')
) AS t (n, content);
