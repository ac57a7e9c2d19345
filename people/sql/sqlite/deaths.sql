-- That somebody died is written down once and only ever taken back, once.

-- guard death_only_undone on people_death
CREATE TRIGGER death_only_undone BEFORE UPDATE ON people_death
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR (
    NEW.id, NEW.person_id, NEW.died_on, NEW.told_by, NEW.recorded_by_id, NEW.recorded_at, NEW.closed_logins
) IS NOT (
    OLD.id, OLD.person_id, OLD.died_on, OLD.told_by, OLD.recorded_by_id, OLD.recorded_at, OLD.closed_logins
) BEGIN
    SELECT RAISE(ABORT, 'people_death: only ever taken back, once');
END;

-- guard death_kept on people_death
CREATE TRIGGER death_kept BEFORE DELETE ON people_death BEGIN
    SELECT RAISE(ABORT, 'people_death: rows are never removed');
END;

-- guard death_not_replaced on people_death
CREATE TRIGGER death_not_replaced BEFORE INSERT ON people_death
WHEN EXISTS (
    SELECT 1 FROM people_death
    WHERE id = NEW.id OR person_id = NEW.person_id AND undone_at IS NULL AND NEW.undone_at IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'people_death: rows are never replaced');
END;
