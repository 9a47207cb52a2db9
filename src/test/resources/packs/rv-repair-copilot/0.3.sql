-- A manual that was ingested with an early version: its embeddings are there. Each is a wave of its own.
INSERT INTO repair_chunks (
    content, embedding, brand, component, manual_type, year, model, source, chunk_index, total_chunks, file_hash,
    ingestion_date, last_updated, confidence, language, category, difficulty, estimated_time, tools_required, safety_level,
    oem_part_numbers, warranty_info)
SELECT t.content,
       (SELECT array_agg(sin(i * (t.n + 1) * 0.013)) FROM generate_series(1, 1536) i)::vector,
       'Lippert', t.component, 'service', 2021, 'Ground Control 3.0', 'lippert-ground-control-2021.pdf', t.n, 8,
       'd2c4e1a09f7b5a4de3f7c0c1a6e58e55a8f2f7be1a55c0d4b8a2a4ce3b0f6c11', timestamptz '2024-12-02 08:15:00+00' + t.n * interval '1 second',
       CASE WHEN t.n < 4 THEN timestamptz '2024-12-20 17:00:00.123456+00' END,
       0.9 + t.n / 100.0, 'en', t.category, t.difficulty, '30 minutes', t.tools, t.safety, t.parts, t.warranty
FROM (VALUES
    (0, 'Leveling system does not start: check the 30 A breaker, the battery voltage under load and the park brake signal.', 'Leveling system', 'electrical', 'moderate', '{multimeter}'::text[], 'warning', '{358590}'::text[], NULL::text),
    (1, 'Error code 12, low voltage: charge the battery or connect shore power, then clear the error with LEFT and RIGHT together.', 'Leveling system', 'electrical', 'easy', '{multimeter}', 'caution', '{358590,421484}', NULL),
    (2, 'Error code 22, excess angle: the coach stands on more than ten degrees. Move it to level ground.', 'Leveling system', 'chassis', 'easy', '{}', 'caution', NULL, NULL),
    (3, 'Jack leaks hydraulic fluid at the rod seal. Support the frame on stands before the jack is removed.', 'Hydraulic jack', 'chassis', 'hard', '{jack stands,"torque wrench"}', 'danger', '{179327}', '24 months for hydraulic parts.'),
    (4, 'Bleeding the hydraulic system: extend and retract all jacks twice and top up with ATF Dexron III.', 'Hydraulic jack', 'chassis', 'moderate', '{funnel,"drain pan"}', 'warning', NULL, NULL),
    (5, 'Landing gear motor hums but does not turn: the shear pin is broken. Replace it with a pin of the same grade only.', 'Landing gear', 'chassis', 'moderate', '{punch,hammer}', 'danger', '{179-022}', NULL),
    (6, 'Zero point calibration: level the coach by hand, then set the zero point in configuration mode.', 'Leveling system', 'electrical', 'easy', NULL, 'caution', NULL, NULL),
    (7, 'Wiring diagram of the touch pad: pins 1 to 6, ground on pin 6.', 'Touch pad', 'electrical', 'hard', '{multimeter,"wire stripper"}', 'warning', '{421484}', NULL)
) AS t (n, content, component, category, difficulty, tools, safety, parts, warranty);

-- One in German, and one chunk that waits for its embedding.
INSERT INTO repair_chunks (
    content, embedding, brand, component, source, chunk_index, total_chunks, file_hash, ingestion_date, language, year)
VALUES
    ('Die Markise fährt nicht aus. Sicherungen prüfen und die Endlagen neu einlernen.',
     (SELECT array_agg(cos(i * 0.021)) FROM generate_series(1, 1536) i)::vector,
     'Thule', 'Awning', 'thule-omnistor-de.pdf', 0, 2, '77aa', '2024-12-03 10:00:00+00', 'de', 2018),
    ('Das Tuch der Markise reinigen: lauwarmes Wasser, keine Scheuermittel.',
     NULL,
     'Thule', 'Awning', 'thule-omnistor-de.pdf', 1, 2, '77aa', '2024-12-03 10:00:01+00', 'de', 2018);
