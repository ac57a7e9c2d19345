-- That somebody died is written down once and only ever taken back, once.

-- function death_change
CREATE OR REPLACE FUNCTION death_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR (
            NEW.id, NEW.person_id, NEW.died_on, NEW.told_by, NEW.recorded_by_id, NEW.recorded_at, NEW.closed_logins
        ) IS DISTINCT FROM (
            OLD.id, OLD.person_id, OLD.died_on, OLD.told_by, OLD.recorded_by_id, OLD.recorded_at, OLD.closed_logins
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'people_death: only ever taken back, once';
    END IF;
    RETURN NEW;
END $$;

-- guard death_only_undone on people_death
CREATE TRIGGER death_only_undone BEFORE UPDATE ON people_death
    FOR EACH ROW EXECUTE FUNCTION death_change();

-- guard death_stays on people_death
CREATE TRIGGER death_stays BEFORE DELETE OR TRUNCATE ON people_death
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
