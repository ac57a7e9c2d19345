-- A prepared file stays what was asked by whom; its status moves as people/workflow.py says (a test compares
-- them), and what is finished or failed stays as it is. Its parts come while it is worked on and go when it has
-- failed or is gone. Triggers are written as pg_get_triggerdef prints them, so that start-up can compare them.

-- function prepared_file_moves
CREATE OR REPLACE FUNCTION prepared_file_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.person_id, NEW.organisation_id, NEW.kind, NEW.days, NEW.asked_at) IS DISTINCT FROM
        (OLD.id, OLD.person_id, OLD.organisation_id, OLD.kind, OLD.days, OLD.asked_at)
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'people_preparedfile: who asked for what never changes';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('waiting', 'working'), ('waiting', 'failed'), ('working', 'ready'), ('working', 'failed'),
        ('ready', 'gone')
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = format('people_preparedfile: %s does not become %s', OLD.status, NEW.status);
    END IF;
    IF OLD.status IN ('failed', 'gone') OR (OLD.status = 'ready' AND
        (NEW.ready_at, NEW.expires_at, NEW.found, NEW.sha256, NEW.size) IS DISTINCT FROM
        (OLD.ready_at, OLD.expires_at, OLD.found, OLD.sha256, OLD.size))
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'people_preparedfile: what is finished stays as it is';
    END IF;
    RETURN NEW;
END $$;

-- guard prepared_file_moves on people_preparedfile
CREATE TRIGGER prepared_file_moves BEFORE UPDATE ON people_preparedfile
    FOR EACH ROW EXECUTE FUNCTION prepared_file_moves();

-- guard prepared_file_kept on people_preparedfile
CREATE TRIGGER prepared_file_kept BEFORE DELETE OR TRUNCATE ON people_preparedfile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function prepared_part_comes_and_goes
CREATE OR REPLACE FUNCTION prepared_part_comes_and_goes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT status INTO found FROM people_preparedfile WHERE id = NEW.file_id;
        IF found = 'working' THEN RETURN NEW; END IF;
    ELSE
        SELECT status INTO found FROM people_preparedfile WHERE id = OLD.file_id;
        IF found IN ('failed', 'gone') THEN RETURN OLD; END IF;
    END IF;
    RAISE integrity_constraint_violation USING
        MESSAGE = 'people_preparedpart: parts come while their file is worked on, and go with it';
END $$;

-- guard prepared_part_comes_and_goes on people_preparedpart
CREATE TRIGGER prepared_part_comes_and_goes BEFORE INSERT OR DELETE ON people_preparedpart
    FOR EACH ROW EXECUTE FUNCTION prepared_part_comes_and_goes();

-- guard prepared_part_unchanged on people_preparedpart
CREATE TRIGGER prepared_part_unchanged BEFORE UPDATE OR TRUNCATE ON people_preparedpart
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
