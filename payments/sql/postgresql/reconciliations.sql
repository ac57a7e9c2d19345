-- Signed reconciliations: one begins prepared, becomes checked once, and then never changes; none is removed.

-- guard reconciliation_stays on payments_signedreconciliation
CREATE TRIGGER reconciliation_stays BEFORE DELETE OR TRUNCATE ON payments_signedreconciliation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function reconciliation_begins
CREATE OR REPLACE FUNCTION reconciliation_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.checked_by_id IS NOT NULL OR NEW.checked_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_bankaccount
        WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_signedreconciliation: begins prepared, for an account of its organisation';
    END IF;
    RETURN NEW;
END $$;

-- guard reconciliation_begins_prepared on payments_signedreconciliation
CREATE TRIGGER reconciliation_begins_prepared BEFORE INSERT ON payments_signedreconciliation
    FOR EACH ROW EXECUTE FUNCTION reconciliation_begins();

-- function reconciliation_change
-- Figures are prepared again or checked, never both at once: what is checked is what was seen.
CREATE OR REPLACE FUNCTION reconciliation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.checked_at IS NOT NULL
        OR (NEW.id, NEW.organisation_id, NEW.account_id, NEW.month)
            IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.account_id, OLD.month)
        OR (NEW.checked_at IS NOT NULL AND (
            NEW.figures, NEW.sha256, NEW.difference, NEW.note, NEW.prepared_by_id, NEW.prepared_at
        ) IS DISTINCT FROM (
            OLD.figures, OLD.sha256, OLD.difference, OLD.note, OLD.prepared_by_id, OLD.prepared_at
        ))
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_signedreconciliation: once checked, it never changes';
    END IF;
    RETURN NEW;
END $$;

-- guard reconciliation_frozen on payments_signedreconciliation
CREATE TRIGGER reconciliation_frozen BEFORE UPDATE ON payments_signedreconciliation
    FOR EACH ROW EXECUTE FUNCTION reconciliation_change();
