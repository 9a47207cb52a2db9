-- Schema version 1.2.0 is reached: one embedding finds texts, pictures, videos and sound.
-- gangway: type=schema
-- gangway: risk=low

-- The nearest of each kind, so that the many texts do not crowd out the few pictures. All kinds have to be embedded into
-- one space: by a model for several of them, or by their captions and transcripts.
CREATE FUNCTION cross_modal_search_repair_chunks(
    query_embedding vector,
    content_types text[] DEFAULT '{text,image,video,audio}',
    matches_per_type integer DEFAULT 5,
    filter jsonb DEFAULT '{}')
RETURNS TABLE (
    content_type text, id bigint, content text, metadata jsonb, distance double precision, similarity double precision)
LANGUAGE plpgsql
ROWS 20
SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
DECLARE
    kind text;
BEGIN
    FOR kind IN SELECT DISTINCT k FROM unnest(coalesce(content_types, '{text,image,video,audio}')) k ORDER BY k LOOP
        IF kind IS NULL OR kind NOT IN ('text', 'image', 'video', 'audio') THEN
            RAISE EXCEPTION 'there is no content type %', coalesce(kind, 'null')
                USING ERRCODE = 'invalid_parameter_value', HINT = 'text, image, video, audio';
        END IF;
        RETURN QUERY
            SELECT kind, s.id, s.content, s.metadata, s.distance, s.similarity
            FROM search_repair_chunks(
                query_embedding, coalesce(matches_per_type, 5),
                jsonb_build_object('contentType', kind,
                    '$and', jsonb_build_array(coalesce(nullif(filter, 'null'), '{}')))) s;
    END LOOP;
END
$$;

SELECT record_search_performance('1.2.0', 'after');
