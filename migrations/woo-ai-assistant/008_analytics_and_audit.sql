-- Metrics by day, and the audit trail that writes itself.
-- gangway: type=schema
-- gangway: requires=1,6
-- gangway: risk=low

-- Each metric of each day, in the shop's time zone. Without types, all; without days, the last 30.
CREATE FUNCTION "${prefix:}woo_ai_daily_metrics"(
    from_day     date DEFAULT NULL,
    to_day       date DEFAULT NULL,
    metric_types text[] DEFAULT NULL,
    time_zone    text DEFAULT 'UTC')
    RETURNS TABLE (
        day date, metric_type text, samples bigint, total numeric, average numeric, minimum numeric, maximum numeric,
        percentile_95 double precision)
    LANGUAGE sql STABLE
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    WITH days AS (
        SELECT coalesce(from_day, coalesce(to_day, (now() AT TIME ZONE zone)::date) - 29) AS first,
               coalesce(to_day, (now() AT TIME ZONE zone)::date) AS last,
               zone
        FROM (SELECT coalesce(time_zone, 'UTC') AS zone) z
    )
    SELECT (a.created_at AT TIME ZONE d.zone)::date,
           a.metric_type,
           count(*),
           sum(a.metric_value),
           avg(a.metric_value),
           min(a.metric_value),
           max(a.metric_value),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY round(a.metric_value, 50)::double precision)
    FROM days d
    JOIN "${prefix:}woo_ai_analytics" a
        ON a.created_at >= d.first::timestamp AT TIME ZONE d.zone
       AND a.created_at < (d.last + 1)::timestamp AT TIME ZONE d.zone
    WHERE metric_types IS NULL OR a.metric_type = ANY (metric_types)
    GROUP BY 1, 2
    ORDER BY 1, 2
$$;

-- The document with every occurrence of a secret in its texts and keys masked.
CREATE FUNCTION "${prefix:}woo_ai_redact"(document jsonb, secrets text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    secret text;
    plain  text;
BEGIN
    IF jsonb_typeof(document) = 'object' THEN
        RETURN (SELECT coalesce(jsonb_object_agg("${gangway:schema}"."${prefix:}woo_ai_redact"(to_jsonb(e.key), secrets) #>> '{}',
                                                 "${gangway:schema}"."${prefix:}woo_ai_redact"(e.value, secrets)), '{}')
                FROM jsonb_each(document) e);
    ELSIF jsonb_typeof(document) = 'array' THEN
        RETURN (SELECT coalesce(jsonb_agg("${gangway:schema}"."${prefix:}woo_ai_redact"(e.value, secrets) ORDER BY e.place), '[]')
                FROM jsonb_array_elements(document) WITH ORDINALITY e (value, place));
    ELSIF jsonb_typeof(document) = 'string' THEN
        plain := document #>> '{}';
        FOREACH secret IN ARRAY secrets LOOP
            plain := replace(plain, secret, '********');
        END LOOP;
        RETURN to_jsonb(plain);
    END IF;
    RETURN document;
END $$;

-- Whoever writes the log, and whatever an AI service put into its error message: the text of a sensitive setting does not get
-- in. Texts of less than six characters are left alone, because they would mask ordinary words.
CREATE FUNCTION "${prefix:}woo_ai_redact_action_log"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    secrets text[];
BEGIN
    -- The longest first: one secret may be a part of another.
    SELECT array_agg(t.secret ORDER BY length(t.secret) DESC)
    INTO secrets
    FROM (SELECT DISTINCT leaf #>> '{}' AS secret
          FROM "${gangway:schema}"."${prefix:}woo_ai_settings" s
          CROSS JOIN jsonb_path_query(s.setting_value, 'strict $.**') leaf
          WHERE s.is_sensitive AND jsonb_typeof(leaf) = 'string') t
    WHERE length(t.secret) >= 6;
    IF secrets IS NOT NULL THEN
        NEW.action_type := "${gangway:schema}"."${prefix:}woo_ai_redact"(to_jsonb(NEW.action_type), secrets) #>> '{}';
        NEW.details := "${gangway:schema}"."${prefix:}woo_ai_redact"(NEW.details, secrets);
        NEW.error_message := "${gangway:schema}"."${prefix:}woo_ai_redact"(to_jsonb(NEW.error_message), secrets) #>> '{}';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER woo_ai_redact_action_log BEFORE INSERT ON "${prefix:}woo_ai_action_logs"
    FOR EACH ROW EXECUTE FUNCTION "${prefix:}woo_ai_redact_action_log"();

-- What has happened does not change. Old entries may be deleted, by whoever owns the table.
CREATE FUNCTION "${prefix:}woo_ai_refuse_change"() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'entries of the action log are final' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER woo_ai_refuse_change BEFORE UPDATE ON "${prefix:}woo_ai_action_logs"
    FOR EACH ROW EXECUTE FUNCTION "${prefix:}woo_ai_refuse_change"();

-- An entry for what happens outside of the database: a coupon that was made, a model that did not answer.
CREATE FUNCTION "${prefix:}woo_ai_log_action"(
    action_type   text,
    details       jsonb DEFAULT '{}',
    success       boolean DEFAULT true,
    severity      text DEFAULT NULL,
    error_message text DEFAULT NULL,
    conversation  bigint DEFAULT NULL,
    user_id       bigint DEFAULT NULL) RETURNS bigint
    LANGUAGE sql
    SET search_path = "${gangway:schema}", "${gangway:vectorSchema}", pg_temp
AS $$
    INSERT INTO "${prefix:}woo_ai_action_logs"
        (action_type, details, success, severity, error_message, conversation_id, user_id)
    VALUES ($1, coalesce($2, '{}'), coalesce($3, true),
            coalesce($4, CASE WHEN coalesce($3, true) THEN 'info' ELSE 'error' END), $5, $6, $7)
    RETURNING id
$$;

-- Who changed which setting, and what of it, but never a value: a key of an AI service may have been stored before somebody thought
-- of its flag, and entries are final.
-- As its owner, because whoever changes a setting need not have any rights on the log.
CREATE FUNCTION "${prefix:}woo_ai_audit_setting"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        changed := array_remove(ARRAY[
            CASE WHEN NEW.setting_key <> OLD.setting_key THEN 'setting_key' END,
            CASE WHEN NEW.setting_value IS DISTINCT FROM OLD.setting_value THEN 'setting_value' END,
            CASE WHEN NEW.setting_group <> OLD.setting_group THEN 'setting_group' END,
            CASE WHEN NEW.is_sensitive <> OLD.is_sensitive THEN 'is_sensitive' END], NULL);
        IF cardinality(changed) = 0 THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "${gangway:schema}"."${prefix:}woo_ai_action_logs" (action_type, details)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN 'setting_created' WHEN 'UPDATE' THEN 'setting_changed' ELSE 'setting_deleted' END,
            jsonb_strip_nulls(jsonb_build_object(
                'setting_key', CASE WHEN TG_OP = 'DELETE' THEN OLD.setting_key ELSE NEW.setting_key END,
                'changed', to_jsonb(changed),
                'role', session_user)));
    RETURN NULL;
END $$;

CREATE TRIGGER woo_ai_audit_setting AFTER INSERT OR UPDATE OR DELETE ON "${prefix:}woo_ai_settings"
    FOR EACH ROW EXECUTE FUNCTION "${prefix:}woo_ai_audit_setting"();

-- How a conversation ended, or began anew, and that a human was asked for.
CREATE FUNCTION "${prefix:}woo_ai_audit_conversation"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.status <> OLD.status THEN
        INSERT INTO "${gangway:schema}"."${prefix:}woo_ai_action_logs" (action_type, conversation_id, user_id, details)
        VALUES (CASE NEW.status WHEN 'active' THEN 'conversation_reopened' ELSE 'conversation_' || NEW.status END,
                NEW.id, NEW.user_id, jsonb_build_object('old_status', OLD.status));
    END IF;
    IF NEW.handoff_requested AND NOT OLD.handoff_requested THEN
        INSERT INTO "${gangway:schema}"."${prefix:}woo_ai_action_logs" (action_type, severity, conversation_id, user_id)
        VALUES ('handoff_requested', 'warning', NEW.id, NEW.user_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER woo_ai_audit_conversation AFTER UPDATE OF status, handoff_requested ON "${prefix:}woo_ai_conversations"
    FOR EACH ROW EXECUTE FUNCTION "${prefix:}woo_ai_audit_conversation"();

-- One entry for a statement, not for a row: the archive takes a thousand at once.
CREATE FUNCTION "${prefix:}woo_ai_audit_deleted_conversations"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO "${gangway:schema}"."${prefix:}woo_ai_action_logs" (action_type, details)
    SELECT 'conversations_deleted', jsonb_build_object('ids', jsonb_agg(id ORDER BY id), 'role', session_user)
    FROM deleted
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER woo_ai_audit_deleted_conversations AFTER DELETE ON "${prefix:}woo_ai_conversations"
    REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION "${prefix:}woo_ai_audit_deleted_conversations"();

REVOKE ALL ON FUNCTION "${prefix:}woo_ai_redact_action_log"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_audit_setting"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_audit_conversation"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "${prefix:}woo_ai_audit_deleted_conversations"() FROM PUBLIC;
