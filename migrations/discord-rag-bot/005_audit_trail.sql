-- The audit trail: who changed the settings of a guild, and which documents came, changed and went.
--
-- Only these two tables: what they hold decides what the bot says and to whom. Questions and answers are a history of their
-- own, and counters are no events.
-- gangway: type=schema
-- gangway: requires=2
-- gangway: risk=low

-- The user is that of the context, where the backend has set one; a service that acts for somebody may set it, too.
CREATE FUNCTION audit_server_config() RETURNS trigger
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'updated_at' = to_jsonb(NEW) - 'updated_at' THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_logs (event_type, table_name, row_id, guild_id, user_id, old_values, new_values)
    SELECT lower(TG_OP), TG_TABLE_NAME, guild, guild, nullif(current_setting('app.current_user_id', true), ''),
           CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    FROM (SELECT CASE WHEN TG_OP = 'DELETE' THEN OLD.guild_id ELSE NEW.guild_id END AS guild) g;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION audit_server_config() IS 'Trigger: a row of audit_logs for each change, with the values before and after';

CREATE TRIGGER server_configs_audit AFTER INSERT OR UPDATE OR DELETE ON server_configs
    FOR EACH ROW EXECUTE FUNCTION audit_server_config();

-- One entry for each statement and guild, not for each row: a crawl may bring 20,000 documents at once. Ids up to a hundred,
-- and neither content nor embedding.
CREATE FUNCTION audit_documents() RETURNS trigger
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
DECLARE
    who constant text := nullif(current_setting('app.current_user_id', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_logs (event_type, table_name, guild_id, user_id, details)
        SELECT 'insert', TG_TABLE_NAME, n.guild_id, who, jsonb_build_object(
                   'documents', count(*), 'public', count(*) FILTER (WHERE n.is_public),
                   'ids', to_jsonb((array_agg(n.id ORDER BY n.id))[1:100]))
        FROM new_documents n GROUP BY n.guild_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_logs (event_type, table_name, guild_id, user_id, details)
        SELECT 'delete', TG_TABLE_NAME, o.guild_id, who, jsonb_build_object(
                   'documents', count(*), 'public', count(*) FILTER (WHERE o.is_public),
                   'ids', to_jsonb((array_agg(o.id ORDER BY o.id))[1:100]))
        FROM old_documents o GROUP BY o.guild_id;
    ELSE
        -- Who may read a document is told apart: that it became public, or went to another guild. One that got another
        -- id has nothing before it, and counts as come from elsewhere.
        INSERT INTO audit_logs (event_type, table_name, guild_id, user_id, details)
        SELECT 'update', TG_TABLE_NAME, n.guild_id, who, jsonb_build_object(
                   'documents', count(*),
                   'made_public', count(*) FILTER (WHERE n.is_public AND o.is_public IS NOT TRUE),
                   'made_private', count(*) FILTER (WHERE o.is_public AND NOT n.is_public),
                   'from_other_guilds', count(*) FILTER (WHERE n.guild_id IS DISTINCT FROM o.guild_id),
                   'ids', to_jsonb((array_agg(n.id ORDER BY n.id))[1:100]))
        FROM new_documents n LEFT JOIN old_documents o ON o.id = n.id
        GROUP BY n.guild_id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION audit_documents() IS 'Trigger: a row of audit_logs for each statement and guild';

CREATE TRIGGER documents_audit_insert AFTER INSERT ON documents REFERENCING NEW TABLE AS new_documents
    FOR EACH STATEMENT EXECUTE FUNCTION audit_documents();
CREATE TRIGGER documents_audit_update AFTER UPDATE ON documents
    REFERENCING OLD TABLE AS old_documents NEW TABLE AS new_documents
    FOR EACH STATEMENT EXECUTE FUNCTION audit_documents();
CREATE TRIGGER documents_audit_delete AFTER DELETE ON documents REFERENCING OLD TABLE AS old_documents
    FOR EACH STATEMENT EXECUTE FUNCTION audit_documents();
-- No trigger for rows fires then, nor are there old ones to be told.
CREATE FUNCTION audit_truncate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = "${gangway:schema}", pg_temp
AS $$
BEGIN
    INSERT INTO audit_logs (event_type, table_name, user_id)
    VALUES ('truncate', TG_TABLE_NAME, nullif(current_setting('app.current_user_id', true), ''));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION audit_truncate() IS 'Trigger: a row of audit_logs when the whole table is emptied';
CREATE TRIGGER documents_audit_truncate AFTER TRUNCATE ON documents
    FOR EACH STATEMENT EXECUTE FUNCTION audit_truncate();
CREATE TRIGGER server_configs_audit_truncate AFTER TRUNCATE ON server_configs
    FOR EACH STATEMENT EXECUTE FUNCTION audit_truncate();

REVOKE ALL ON FUNCTION audit_server_config(), audit_documents(), audit_truncate() FROM PUBLIC;
