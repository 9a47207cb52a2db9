SELECT 'data loss' AS category,
       'every value that was corrected is kept' AS name,
       count(*) = 0 AS passed,
       count(*) || ' are not' AS detail
FROM chunk_corrections
WHERE jsonb_typeof(old_value) <> jsonb_typeof(new_value);
