-- The trail is append-only. The "not_replaced" guards are for connections without
-- recursive_triggers, where INSERT OR REPLACE removes rows behind the back of delete triggers.

-- guard event_unchanged on audit_event
CREATE TRIGGER event_unchanged BEFORE UPDATE ON audit_event BEGIN
    SELECT RAISE(ABORT, 'audit_event: rows are never changed or removed');
END;

-- guard event_kept on audit_event
CREATE TRIGGER event_kept BEFORE DELETE ON audit_event BEGIN
    SELECT RAISE(ABORT, 'audit_event: rows are never changed or removed');
END;

-- guard event_not_replaced on audit_event
CREATE TRIGGER event_not_replaced BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR digest = NEW.digest) BEGIN
    SELECT RAISE(ABORT, 'audit_event: rows are never replaced');
END;

-- guard payload_unchanged on audit_payload
CREATE TRIGGER payload_unchanged BEFORE UPDATE ON audit_payload BEGIN
    SELECT RAISE(ABORT, 'audit_payload: rows are never changed or removed');
END;

-- guard payload_kept on audit_payload
CREATE TRIGGER payload_kept BEFORE DELETE ON audit_payload BEGIN
    SELECT RAISE(ABORT, 'audit_payload: rows are never changed or removed');
END;

-- guard payload_not_replaced on audit_payload
CREATE TRIGGER payload_not_replaced BEFORE INSERT ON audit_payload
WHEN EXISTS (SELECT 1 FROM audit_payload WHERE event_id = NEW.event_id) BEGIN
    SELECT RAISE(ABORT, 'audit_payload: rows are never replaced');
END;

-- guard seal_unchanged on audit_seal
CREATE TRIGGER seal_unchanged BEFORE UPDATE ON audit_seal BEGIN
    SELECT RAISE(ABORT, 'audit_seal: rows are never changed or removed');
END;

-- guard seal_kept on audit_seal
CREATE TRIGGER seal_kept BEFORE DELETE ON audit_seal BEGIN
    SELECT RAISE(ABORT, 'audit_seal: rows are never changed or removed');
END;

-- guard seal_not_replaced on audit_seal
CREATE TRIGGER seal_not_replaced BEFORE INSERT ON audit_seal
WHEN EXISTS (SELECT 1 FROM audit_seal WHERE number = NEW.number OR previous_hash = NEW.previous_hash OR hash = NEW.hash) BEGIN
    SELECT RAISE(ABORT, 'audit_seal: rows are never replaced');
END;

-- guard sealed_event_unchanged on audit_sealedevent
CREATE TRIGGER sealed_event_unchanged BEFORE UPDATE ON audit_sealedevent BEGIN
    SELECT RAISE(ABORT, 'audit_sealedevent: rows are never changed or removed');
END;

-- guard sealed_event_kept on audit_sealedevent
CREATE TRIGGER sealed_event_kept BEFORE DELETE ON audit_sealedevent BEGIN
    SELECT RAISE(ABORT, 'audit_sealedevent: rows are never changed or removed');
END;

-- guard sealed_event_not_replaced on audit_sealedevent
CREATE TRIGGER sealed_event_not_replaced BEFORE INSERT ON audit_sealedevent
WHEN EXISTS (SELECT 1 FROM audit_sealedevent WHERE event_id = NEW.event_id OR (seal_id = NEW.seal_id AND position = NEW.position)) BEGIN
    SELECT RAISE(ABORT, 'audit_sealedevent: rows are never replaced');
END;

-- guard person_key_kept on audit_personkey
CREATE TRIGGER person_key_kept BEFORE DELETE ON audit_personkey BEGIN
    SELECT RAISE(ABORT, 'audit_personkey: rows are never changed or removed');
END;

-- guard person_key_not_replaced on audit_personkey
CREATE TRIGGER person_key_not_replaced BEFORE INSERT ON audit_personkey
WHEN EXISTS (SELECT 1 FROM audit_personkey WHERE person_id = NEW.person_id) BEGIN
    SELECT RAISE(ABORT, 'audit_personkey: rows are never replaced');
END;

-- guard person_key_only_destroyed on audit_personkey
CREATE TRIGGER person_key_only_destroyed BEFORE UPDATE ON audit_personkey
WHEN NEW.person_id <> OLD.person_id OR OLD.sealed IS NULL
    OR NEW.sealed IS NOT NULL OR NEW.destroyed_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'audit_personkey: a key is only ever destroyed, once');
END;
