-- How searches are made, and what they took.
-- gangway: type=schema
-- gangway: risk=low

-- One row, so that a change holds for every process at once.
CREATE TABLE search_settings (
    only_row              boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- From so many rows of a model on it gets an HNSW index; below that an exact search is fast, and exact.
    hnsw_min_rows         bigint NOT NULL DEFAULT 10000 CHECK (hnsw_min_rows >= 1),
    -- From so many on IVFFlat, which is built in a fraction of HNSW's time and memory, and finds a little less.
    ivfflat_min_rows      bigint NOT NULL DEFAULT 2000000,
    hnsw_m                int NOT NULL DEFAULT 16 CHECK (hnsw_m BETWEEN 2 AND 100),
    hnsw_ef_construction  int NOT NULL DEFAULT 64 CHECK (hnsw_ef_construction BETWEEN 4 AND 1000),
    -- Which part of the searches is recorded, from 0 (none) to 1 (all). Each record is a small write.
    metrics_sample_rate   double precision NOT NULL DEFAULT 1 CHECK (metrics_sample_rate BETWEEN 0 AND 1),
    -- Whether changes of embeddings are told on the channel embeddings_changed.
    notify_changes        boolean NOT NULL DEFAULT true,
    CONSTRAINT search_settings_ivfflat_after_hnsw CHECK (ivfflat_min_rows >= hnsw_min_rows),
    CONSTRAINT search_settings_ef_construction_enough CHECK (hnsw_ef_construction >= 2 * hnsw_m)
);

INSERT INTO search_settings DEFAULT VALUES;

CREATE TABLE search_performance_metrics (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    search_type       text NOT NULL
        CONSTRAINT search_performance_metrics_type_known CHECK (search_type IN ('similarity', 'hybrid')),
    -- In the server: without the way to the application and back.
    execution_time_ms double precision NOT NULL CHECK (execution_time_ms >= 0),
    -- No foreign key: its check would lock the model's row in each search.
    model_id          int NOT NULL,
    requested         int NOT NULL,
    results_count     int NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX idx_search_performance_metrics_created_at ON search_performance_metrics (created_at);

-- Writes down a search that began at this moment. Searches call it; an application may, for its own.
-- Where nothing can be written (a standby, a read-only transaction, a role that may not) the search goes on without.
CREATE FUNCTION record_search(
    search_type text, started timestamptz, model_id int, requested int, results_count int
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR NOT has_table_privilege('search_performance_metrics', 'INSERT')
        OR NOT has_table_privilege('search_settings', 'SELECT')
    THEN
        RETURN;
    END IF;
    -- A statement of its own: its privileges are checked before any of its conditions.
    IF random() >= (SELECT s.metrics_sample_rate FROM search_settings s) THEN
        RETURN;
    END IF;
    INSERT INTO search_performance_metrics (search_type, execution_time_ms, model_id, requested, results_count)
    VALUES (record_search.search_type,
            greatest(0, extract(epoch FROM clock_timestamp() - record_search.started) * 1000),
            record_search.model_id, record_search.requested, record_search.results_count);
END
$$;

-- Deletes what is older than that, and says how many rows it was.
CREATE FUNCTION prune_search_metrics(older_than interval DEFAULT '30 days') RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    deleted bigint;
BEGIN
    IF older_than IS NULL OR older_than < interval '0' THEN
        RAISE EXCEPTION 'older_than must be an interval that is not negative'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM search_performance_metrics WHERE created_at < now() - older_than;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

-- Named sets of hybrid_search's arguments: how retrieval is tuned without a release.
CREATE TABLE retrieval_configurations (
    name                 text PRIMARY KEY,
    description          text NOT NULL DEFAULT '',
    vector_weight        double precision NOT NULL DEFAULT 0.7 CHECK (vector_weight BETWEEN 0 AND 1),
    text_weight          double precision NOT NULL DEFAULT 0.3 CHECK (text_weight BETWEEN 0 AND 1),
    -- Null for none.
    similarity_threshold double precision CHECK (similarity_threshold BETWEEN -1 AND 1),
    match_count          int NOT NULL DEFAULT 10 CHECK (match_count BETWEEN 1 AND 1000),
    -- Null for all.
    source_types         text[],
    -- Null for the default model of the question's dimensions.
    model                text REFERENCES embedding_models (name) ON UPDATE CASCADE,
    updated_at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT retrieval_configurations_weighs_something CHECK (vector_weight + text_weight > 0)
);

INSERT INTO retrieval_configurations (name, description, vector_weight, text_weight, similarity_threshold, source_types)
VALUES ('balanced', '70 % meaning, 30 % words', 0.7, 0.3, NULL, NULL),
       ('semantic', 'meaning only', 1, 0, NULL, NULL),
       ('keyword', 'words only', 0, 1, NULL, NULL),
       ('strict', 'few, but near', 0.7, 0.3, 0.8, NULL),
       ('conversations', 'what was said before', 0.8, 0.2, NULL, '{message,conversation}');
