-- Payroll: a payment goes the way of its run, and of the person it pays; marks only end, confirmations are
-- only undone. Written as pg_get_triggerdef prints triggers.

-- guard payroll_mark_stays on payments_payrollmark
CREATE TRIGGER payroll_mark_stays BEFORE DELETE OR TRUNCATE ON payments_payrollmark
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard confirmation_stays on payments_payrollconfirmation
CREATE TRIGGER confirmation_stays BEFORE DELETE OR TRUNCATE ON payments_payrollconfirmation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function payroll_mark_change
CREATE OR REPLACE FUNCTION payroll_mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.until IS NOT NULL OR NEW.until IS NULL
        OR (
            NEW.id, NEW.organisation_id, NEW.person_id, NEW.since, NEW.marked_by_id
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.person_id, OLD.since, OLD.marked_by_id
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payrollmark: a mark is only ever ended, once';
    END IF;
    RETURN NEW;
END $$;

-- guard payroll_mark_only_ended on payments_payrollmark
CREATE TRIGGER payroll_mark_only_ended BEFORE UPDATE ON payments_payrollmark
    FOR EACH ROW EXECUTE FUNCTION payroll_mark_change();

-- function confirmation_begins
CREATE OR REPLACE FUNCTION confirmation_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.undone_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_paymentrun
        WHERE id = NEW.run_id AND method = 'payroll' AND status = 'sent'
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payrollconfirmation: only of a run that was sent to payroll';
    END IF;
    RETURN NEW;
END $$;

-- guard confirmation_of_a_sent_run on payments_payrollconfirmation
CREATE TRIGGER confirmation_of_a_sent_run BEFORE INSERT ON payments_payrollconfirmation
    FOR EACH ROW EXECUTE FUNCTION confirmation_begins();

-- function confirmation_change
CREATE OR REPLACE FUNCTION confirmation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
        OR (
            NEW.id, NEW.run_id, NEW.day, NEW.entry_id, NEW.confirmed_by_id, NEW.confirmed_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.run_id, OLD.day, OLD.entry_id, OLD.confirmed_by_id, OLD.confirmed_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payrollconfirmation: a confirmation is only ever undone, once';
    END IF;
    RETURN NEW;
END $$;

-- guard confirmation_only_undone on payments_payrollconfirmation
CREATE TRIGGER confirmation_only_undone BEFORE UPDATE ON payments_payrollconfirmation
    FOR EACH ROW EXECUTE FUNCTION confirmation_change();

-- function payment_way
-- The way of its run; time of somebody who is marked through payroll; by hand only who chose it.
CREATE OR REPLACE FUNCTION payment_way() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marked boolean;
BEGIN
    marked := NEW.counts_as = 'fee' AND EXISTS (
        SELECT 1 FROM payments_payrollmark
        WHERE organisation_id = NEW.organisation_id AND person_id = NEW.person_id AND until IS NULL
    );
    IF NOT EXISTS (SELECT 1 FROM payments_paymentrun WHERE id = NEW.run_id AND method = NEW.method)
        OR (NEW.method = 'payroll') <> marked
        OR (NEW.method <> 'bank') <> (NEW.details_id IS NULL)
        OR NEW.method NOT IN ('bank', 'payroll') AND NOT EXISTS (
            SELECT 1 FROM claims_instruction
            WHERE organisation_id = NEW.organisation_id AND person_id = NEW.person_id
                AND counts_as = NEW.counts_as AND way = NEW.method
                AND id = COALESCE(NEW.instruction_id, id)
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: a payment goes the way of its run and of its person';
    END IF;
    RETURN NEW;
END $$;

-- guard payment_goes_its_way on payments_payment
CREATE TRIGGER payment_goes_its_way BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_way();
