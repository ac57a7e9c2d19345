-- A role says who gave it to whom, is confirmed once and ended once, and stays.
-- A message stays what it is about; only what became of it changes, once. The pairs of statuses are those
-- of people/workflow.py (a test compares them). The "not_replaced" guards are for connections without
-- recursive_triggers, where INSERT OR REPLACE removes rows behind the back of delete triggers.

-- guard message_stays_what_it_is on people_message
CREATE TRIGGER message_stays_what_it_is BEFORE UPDATE ON people_message
WHEN (
    NEW.id, NEW.person_id, NEW.organisation_id, NEW.kind, NEW.reference, NEW.day, NEW.source, NEW.created_at
) IS NOT (
    OLD.id, OLD.person_id, OLD.organisation_id, OLD.kind, OLD.reference, OLD.day, OLD.source, OLD.created_at
) BEGIN
    SELECT RAISE(ABORT, 'people_message: whom a message tells what never changes');
END;

-- guard message_that_went_stays on people_message
CREATE TRIGGER message_that_went_stays BEFORE UPDATE ON people_message
WHEN OLD.status NOT IN ('waiting', 'failed') BEGIN
    SELECT RAISE(ABORT, 'people_message: a message that went stays as it is');
END;

-- guard message_moves on people_message
CREATE TRIGGER message_moves BEFORE UPDATE ON people_message
WHEN NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('waiting', 'failed'), ('waiting', 'sent'), ('waiting', 'printed'), ('waiting', 'told'),
    ('failed', 'sent'), ('failed', 'printed'), ('failed', 'told')
) BEGIN
    SELECT RAISE(ABORT, 'people_message: this status does not become that one');
END;

-- guard message_kept on people_message
CREATE TRIGGER message_kept BEFORE DELETE ON people_message BEGIN
    SELECT RAISE(ABORT, 'people_message: rows are never removed');
END;

-- guard message_not_replaced on people_message
CREATE TRIGGER message_not_replaced BEFORE INSERT ON people_message
WHEN EXISTS (
    SELECT 1 FROM people_message
    WHERE id = NEW.id OR (person_id = NEW.person_id AND source = NEW.source)
) BEGIN
    SELECT RAISE(ABORT, 'people_message: rows are never replaced');
END;

-- guard print_pack_unchanged on people_printpack
CREATE TRIGGER print_pack_unchanged BEFORE UPDATE ON people_printpack BEGIN
    SELECT RAISE(ABORT, 'people_printpack: rows are never changed or removed');
END;

-- guard print_pack_kept on people_printpack
CREATE TRIGGER print_pack_kept BEFORE DELETE ON people_printpack BEGIN
    SELECT RAISE(ABORT, 'people_printpack: rows are never changed or removed');
END;

-- guard print_pack_not_replaced on people_printpack
CREATE TRIGGER print_pack_not_replaced BEFORE INSERT ON people_printpack
WHEN EXISTS (SELECT 1 FROM people_printpack WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'people_printpack: rows are never replaced');
END;

-- guard role_stays_what_it_is on people_role
CREATE TRIGGER role_stays_what_it_is BEFORE UPDATE ON people_role
WHEN (
    NEW.id, NEW.person_id, NEW.kind, NEW.organisation_id, NEW.project_id, NEW.since, NEW.granted_by_id
) IS NOT (
    OLD.id, OLD.person_id, OLD.kind, OLD.organisation_id, OLD.project_id, OLD.since, OLD.granted_by_id
) BEGIN
    SELECT RAISE(ABORT, 'people_role: who gave what to whom never changes');
END;

-- guard role_confirmed_once on people_role
CREATE TRIGGER role_confirmed_once BEFORE UPDATE ON people_role
WHEN OLD.confirmed_at IS NOT NULL
    AND (NEW.confirmed_at, NEW.confirmed_by_id) IS NOT (OLD.confirmed_at, OLD.confirmed_by_id) BEGIN
    SELECT RAISE(ABORT, 'people_role: a role is confirmed once');
END;

-- guard role_ended_once on people_role
CREATE TRIGGER role_ended_once BEFORE UPDATE ON people_role
WHEN OLD.until IS NOT NULL AND NEW.until IS NOT OLD.until BEGIN
    SELECT RAISE(ABORT, 'people_role: a role is ended once');
END;

-- guard role_kept on people_role
CREATE TRIGGER role_kept BEFORE DELETE ON people_role BEGIN
    SELECT RAISE(ABORT, 'people_role: rows are never removed');
END;

-- guard role_not_replaced on people_role
CREATE TRIGGER role_not_replaced BEFORE INSERT ON people_role
WHEN EXISTS (
    SELECT 1 FROM people_role
    WHERE id = NEW.id OR (
        NEW.until IS NULL AND until IS NULL AND person_id = NEW.person_id AND kind = NEW.kind
        AND organisation_id = NEW.organisation_id AND project_id IS NEW.project_id
    )
) BEGIN
    SELECT RAISE(ABORT, 'people_role: rows are never replaced');
END;
