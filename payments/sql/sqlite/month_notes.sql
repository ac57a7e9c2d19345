-- Explanations of what a month leaves open are append-only. "month_note_not_replaced" is for connections without
-- recursive_triggers, where INSERT OR REPLACE removes rows behind the back of delete triggers.

-- guard month_note_not_replaced on payments_monthnote
CREATE TRIGGER month_note_not_replaced BEFORE INSERT ON payments_monthnote
WHEN EXISTS (SELECT 1 FROM payments_monthnote WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'payments_monthnote: rows are never replaced');
END;

-- guard month_note_unchanged on payments_monthnote
CREATE TRIGGER month_note_unchanged BEFORE UPDATE ON payments_monthnote BEGIN
    SELECT RAISE(ABORT, 'payments_monthnote: rows are never changed or removed');
END;

-- guard month_note_kept on payments_monthnote
CREATE TRIGGER month_note_kept BEFORE DELETE ON payments_monthnote BEGIN
    SELECT RAISE(ABORT, 'payments_monthnote: rows are never changed or removed');
END;
