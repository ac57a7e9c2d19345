-- Signed reconciliations: one begins prepared, becomes checked once, and then never changes; none is removed.

-- guard reconciliation_kept on payments_signedreconciliation
CREATE TRIGGER reconciliation_kept BEFORE DELETE ON payments_signedreconciliation BEGIN
    SELECT RAISE(ABORT, 'payments_signedreconciliation: rows are never changed or removed');
END;

-- guard reconciliation_not_replaced on payments_signedreconciliation
CREATE TRIGGER reconciliation_not_replaced BEFORE INSERT ON payments_signedreconciliation
WHEN EXISTS (
    SELECT 1 FROM payments_signedreconciliation
    WHERE id = NEW.id OR account_id = NEW.account_id AND month = NEW.month
) BEGIN
    SELECT RAISE(ABORT, 'payments_signedreconciliation: rows are never replaced');
END;

-- guard reconciliation_begins_prepared on payments_signedreconciliation
CREATE TRIGGER reconciliation_begins_prepared BEFORE INSERT ON payments_signedreconciliation
WHEN NEW.checked_by_id IS NOT NULL OR NEW.checked_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM payments_bankaccount
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_signedreconciliation: begins prepared, for an account of its organisation');
END;

-- guard reconciliation_frozen on payments_signedreconciliation
CREATE TRIGGER reconciliation_frozen BEFORE UPDATE ON payments_signedreconciliation
WHEN OLD.checked_at IS NOT NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account_id IS NOT OLD.account_id
    OR NEW.month IS NOT OLD.month
    OR NEW.checked_at IS NOT NULL AND (
        NEW.figures IS NOT OLD.figures
        OR NEW.sha256 IS NOT OLD.sha256
        OR NEW.difference IS NOT OLD.difference
        OR NEW.note IS NOT OLD.note
        OR NEW.prepared_by_id IS NOT OLD.prepared_by_id
        OR NEW.prepared_at IS NOT OLD.prepared_at
    ) BEGIN
    -- Figures are prepared again or checked, never both at once: what is checked is what was seen.
    SELECT RAISE(ABORT, 'payments_signedreconciliation: once checked, it never changes');
END;
