-- The texts in other languages than English are stemmed anew. content_tsv is generated: an UPDATE of a column that it
-- is made of computes it again. 500 chunks a transaction, so that nobody waits for a row for long.
-- gangway: type=data
-- gangway: risk=low
-- gangway: repeat=until-no-rows

INSERT INTO migration_row_counts (version, chunks_before, embeddings_before)
SELECT '1.0.0.5', count(*), count(embedding) FROM repair_chunks
WHERE NOT EXISTS (SELECT FROM migration_row_counts WHERE version = '1.0.0.5')
HAVING NOT EXISTS (SELECT FROM migration_row_counts WHERE version = '1.0.0.5');

UPDATE repair_chunks
SET language = language
WHERE id IN (
    SELECT id
    FROM repair_chunks
    WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content)
    LIMIT 500);

-- When nothing is left.
UPDATE migration_row_counts
SET (chunks_after, embeddings_after) = (SELECT count(*), count(embedding) FROM repair_chunks)
WHERE version = '1.0.0.5'
  AND chunks_after IS NULL
  AND NOT EXISTS (
      SELECT
      FROM repair_chunks
      WHERE content_tsv IS DISTINCT FROM chunk_search_vector(language, brand, model, component, content));
