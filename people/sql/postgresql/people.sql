-- A role says who gave it to whom, is confirmed once and ended once, and stays.
-- A message stays what it is about; only what became of it changes, once. The pairs of statuses are those
-- of people/workflow.py (a test compares them). refuse_change() is the trail's. Triggers are written as
-- pg_get_triggerdef prints them, so that start-up can compare them word for word.

-- function message_moves
CREATE OR REPLACE FUNCTION message_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{status,taken_at,done_at,pack_id}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{status,taken_at,done_at,pack_id}'::text[]
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'people_message: whom a message tells what never changes';
    END IF;
    IF OLD.status NOT IN ('waiting', 'failed') THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'people_message: a message that went stays as it is';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('waiting', 'failed'), ('waiting', 'sent'), ('waiting', 'printed'), ('waiting', 'told'),
        ('failed', 'sent'), ('failed', 'printed'), ('failed', 'told')
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = format('people_message: %s does not become %s', OLD.status, NEW.status);
    END IF;
    RETURN NEW;
END $$;

-- guard message_moves on people_message
CREATE TRIGGER message_moves BEFORE UPDATE ON people_message
    FOR EACH ROW EXECUTE FUNCTION message_moves();

-- guard message_kept on people_message
CREATE TRIGGER message_kept BEFORE DELETE OR TRUNCATE ON people_message
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard print_pack_stays on people_printpack
CREATE TRIGGER print_pack_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON people_printpack
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function role_stays
CREATE OR REPLACE FUNCTION role_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{until,confirmed_by_id,confirmed_at}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{until,confirmed_by_id,confirmed_at}'::text[]
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'people_role: who gave what to whom never changes';
    END IF;
    IF OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.confirmed_by_id)
        IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'people_role: a role is confirmed once';
    END IF;
    IF OLD.until IS NOT NULL AND NEW.until IS DISTINCT FROM OLD.until THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'people_role: a role is ended once';
    END IF;
    RETURN NEW;
END $$;

-- guard role_stays on people_role
CREATE TRIGGER role_stays BEFORE UPDATE ON people_role
    FOR EACH ROW EXECUTE FUNCTION role_stays();

-- guard role_kept on people_role
CREATE TRIGGER role_kept BEFORE DELETE OR TRUNCATE ON people_role
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
