-- A prepared file stays what was asked by whom; its status moves as people/workflow.py says (a test compares
-- them), and what is finished or failed stays as it is. Its parts come while it is worked on and go when it has
-- failed or is gone. The "not_replaced" guards are for connections without recursive_triggers, where INSERT OR
-- REPLACE removes rows behind the back of delete triggers.

-- guard prepared_file_stays_what_it_is on people_preparedfile
CREATE TRIGGER prepared_file_stays_what_it_is BEFORE UPDATE ON people_preparedfile
WHEN (NEW.id, NEW.person_id, NEW.organisation_id, NEW.kind, NEW.days, NEW.asked_at)
    IS NOT (OLD.id, OLD.person_id, OLD.organisation_id, OLD.kind, OLD.days, OLD.asked_at) BEGIN
    SELECT RAISE(ABORT, 'people_preparedfile: who asked for what never changes');
END;

-- guard prepared_file_moves on people_preparedfile
CREATE TRIGGER prepared_file_moves BEFORE UPDATE ON people_preparedfile
WHEN NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('waiting', 'working'), ('waiting', 'failed'), ('working', 'ready'), ('working', 'failed'), ('ready', 'gone')
) BEGIN
    SELECT RAISE(ABORT, 'people_preparedfile: this status does not become that one');
END;

-- guard prepared_file_stays_finished on people_preparedfile
CREATE TRIGGER prepared_file_stays_finished BEFORE UPDATE ON people_preparedfile
WHEN OLD.status IN ('failed', 'gone') OR (OLD.status = 'ready' AND (
    NEW.ready_at, NEW.expires_at, NEW.found, NEW.sha256, NEW.size
) IS NOT (OLD.ready_at, OLD.expires_at, OLD.found, OLD.sha256, OLD.size)) BEGIN
    SELECT RAISE(ABORT, 'people_preparedfile: what is finished stays as it is');
END;

-- guard prepared_file_kept on people_preparedfile
CREATE TRIGGER prepared_file_kept BEFORE DELETE ON people_preparedfile BEGIN
    SELECT RAISE(ABORT, 'people_preparedfile: rows are never removed');
END;

-- guard prepared_file_not_replaced on people_preparedfile
CREATE TRIGGER prepared_file_not_replaced BEFORE INSERT ON people_preparedfile
WHEN EXISTS (SELECT 1 FROM people_preparedfile WHERE id = NEW.id OR (
    NEW.status IN ('waiting', 'working') AND status IN ('waiting', 'working') AND person_id = NEW.person_id
    AND organisation_id = NEW.organisation_id AND kind = NEW.kind AND days = NEW.days
)) BEGIN
    SELECT RAISE(ABORT, 'people_preparedfile: rows are never replaced');
END;

-- guard prepared_part_comes_while_worked_on on people_preparedpart
CREATE TRIGGER prepared_part_comes_while_worked_on BEFORE INSERT ON people_preparedpart
WHEN NOT EXISTS (SELECT 1 FROM people_preparedfile WHERE id = NEW.file_id AND status = 'working') BEGIN
    SELECT RAISE(ABORT, 'people_preparedpart: parts come while their file is worked on');
END;

-- guard prepared_part_not_replaced on people_preparedpart
CREATE TRIGGER prepared_part_not_replaced BEFORE INSERT ON people_preparedpart
WHEN EXISTS (
    SELECT 1 FROM people_preparedpart
    WHERE id = NEW.id OR (file_id = NEW.file_id AND position = NEW.position)
) BEGIN
    SELECT RAISE(ABORT, 'people_preparedpart: rows are never replaced');
END;

-- guard prepared_part_unchanged on people_preparedpart
CREATE TRIGGER prepared_part_unchanged BEFORE UPDATE ON people_preparedpart BEGIN
    SELECT RAISE(ABORT, 'people_preparedpart: parts never change');
END;

-- guard prepared_part_goes_with_its_file on people_preparedpart
CREATE TRIGGER prepared_part_goes_with_its_file BEFORE DELETE ON people_preparedpart
WHEN EXISTS (
    SELECT 1 FROM people_preparedfile WHERE id = OLD.file_id AND status NOT IN ('failed', 'gone')
) BEGIN
    SELECT RAISE(ABORT, 'people_preparedpart: parts stay while their file does');
END;
