-- Payroll: a payment goes the way of its run, and of the person it pays; marks only end, confirmations are
-- only undone.

-- guard payroll_mark_kept on payments_payrollmark
CREATE TRIGGER payroll_mark_kept BEFORE DELETE ON payments_payrollmark BEGIN
    SELECT RAISE(ABORT, 'payments_payrollmark: rows are never changed or removed');
END;

-- guard confirmation_kept on payments_payrollconfirmation
CREATE TRIGGER confirmation_kept BEFORE DELETE ON payments_payrollconfirmation BEGIN
    SELECT RAISE(ABORT, 'payments_payrollconfirmation: rows are never changed or removed');
END;

-- guard payroll_mark_not_replaced on payments_payrollmark
CREATE TRIGGER payroll_mark_not_replaced BEFORE INSERT ON payments_payrollmark
WHEN EXISTS (
    SELECT 1 FROM payments_payrollmark WHERE id = NEW.id
    OR organisation_id = NEW.organisation_id AND person_id = NEW.person_id
        AND until IS NULL AND NEW.until IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'payments_payrollmark: rows are never replaced');
END;

-- guard confirmation_not_replaced on payments_payrollconfirmation
CREATE TRIGGER confirmation_not_replaced BEFORE INSERT ON payments_payrollconfirmation
WHEN EXISTS (
    SELECT 1 FROM payments_payrollconfirmation WHERE id = NEW.id OR entry_id = NEW.entry_id
    OR run_id = NEW.run_id AND undone_at IS NULL AND NEW.undone_at IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'payments_payrollconfirmation: rows are never replaced');
END;

-- guard payroll_mark_only_ended on payments_payrollmark
CREATE TRIGGER payroll_mark_only_ended BEFORE UPDATE ON payments_payrollmark
WHEN OLD.until IS NOT NULL OR NEW.until IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.since IS NOT OLD.since
    OR NEW.marked_by_id IS NOT OLD.marked_by_id BEGIN
    SELECT RAISE(ABORT, 'payments_payrollmark: a mark is only ever ended, once');
END;

-- guard confirmation_of_a_sent_run on payments_payrollconfirmation
CREATE TRIGGER confirmation_of_a_sent_run BEFORE INSERT ON payments_payrollconfirmation
WHEN NEW.undone_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM payments_paymentrun WHERE id = NEW.run_id AND method = 'payroll' AND status = 'sent'
) BEGIN
    SELECT RAISE(ABORT, 'payments_payrollconfirmation: only of a run that was sent to payroll');
END;

-- guard confirmation_only_undone on payments_payrollconfirmation
CREATE TRIGGER confirmation_only_undone BEFORE UPDATE ON payments_payrollconfirmation
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.run_id IS NOT OLD.run_id
    OR NEW.day IS NOT OLD.day
    OR NEW.entry_id IS NOT OLD.entry_id
    OR NEW.confirmed_by_id IS NOT OLD.confirmed_by_id
    OR NEW.confirmed_at IS NOT OLD.confirmed_at BEGIN
    SELECT RAISE(ABORT, 'payments_payrollconfirmation: a confirmation is only ever undone, once');
END;

-- guard payment_goes_its_way on payments_payment
CREATE TRIGGER payment_goes_its_way BEFORE INSERT ON payments_payment
WHEN NOT EXISTS (SELECT 1 FROM payments_paymentrun WHERE id = NEW.run_id AND method = NEW.method)
    OR (NEW.method = 'payroll') <> (
        NEW.counts_as = 'fee' AND EXISTS (
            SELECT 1 FROM payments_payrollmark
            WHERE organisation_id = NEW.organisation_id AND person_id = NEW.person_id AND until IS NULL
        )
    )
    OR (NEW.method <> 'bank') <> (NEW.details_id IS NULL)
    OR NEW.method NOT IN ('bank', 'payroll') AND NOT EXISTS (
        SELECT 1 FROM claims_instruction
        WHERE organisation_id = NEW.organisation_id AND person_id = NEW.person_id
            AND counts_as = NEW.counts_as AND way = NEW.method
            AND id = COALESCE(NEW.instruction_id, id)
    ) BEGIN
    -- The way of its run; time of somebody who is marked through payroll; by hand only who chose it.
    SELECT RAISE(ABORT, 'payments_payment: a payment goes the way of its run and of its person');
END;
