-- The trail is append-only. Triggers are written as pg_get_triggerdef prints them, so that start-up
-- can compare them word for word.

-- function refuse_change
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation
        USING MESSAGE = format('%s: rows are never changed or removed', TG_TABLE_NAME);
END $$;

-- guard event_stays on audit_event
CREATE TRIGGER event_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard payload_stays on audit_payload
CREATE TRIGGER payload_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_payload
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard seal_stays on audit_seal
CREATE TRIGGER seal_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard sealed_event_stays on audit_sealedevent
CREATE TRIGGER sealed_event_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_sealedevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard person_key_stays on audit_personkey
CREATE TRIGGER person_key_stays BEFORE DELETE OR TRUNCATE ON audit_personkey
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function only_destroy_key
CREATE OR REPLACE FUNCTION only_destroy_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.person_id <> OLD.person_id OR OLD.sealed IS NULL
        OR NEW.sealed IS NOT NULL OR NEW.destroyed_at IS NULL
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'audit_personkey: a key is only ever destroyed, once';
    END IF;
    RETURN NEW;
END $$;

-- guard person_key_only_destroyed on audit_personkey
CREATE TRIGGER person_key_only_destroyed BEFORE UPDATE ON audit_personkey
    FOR EACH ROW EXECUTE FUNCTION only_destroy_key();
