SELECT 'data loss' AS category,
       'the sample manuals have cost no rows' AS name,
       chunks_after >= chunks_before AND embeddings_after >= embeddings_before AS passed,
       chunks_before || ' chunks before, ' || chunks_after || ' after' AS detail
FROM migration_row_counts
WHERE version = '0.9';
