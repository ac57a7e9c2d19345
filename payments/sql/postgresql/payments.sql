-- Payments: what was frozen stays frozen, statuses move only as payments/workflow.py says. Triggers are
-- written as pg_get_triggerdef prints them, so that start-up can compare them word for word.

-- guard run_file_stays on payments_runfile
CREATE TRIGGER run_file_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_runfile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard item_share_stays on payments_itemshare
CREATE TRIGGER item_share_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_itemshare
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard remittance_stays on payments_remittance
CREATE TRIGGER remittance_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_remittance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard statement_stays on payments_statement
CREATE TRIGGER statement_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_statement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard statement_line_stays on payments_statementline
CREATE TRIGGER statement_line_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_statementline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard bank_details_stays on payments_bankdetails
CREATE TRIGGER bank_details_stays BEFORE DELETE OR TRUNCATE ON payments_bankdetails
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard run_stays on payments_paymentrun
CREATE TRIGGER run_stays BEFORE DELETE OR TRUNCATE ON payments_paymentrun
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard payment_stays on payments_payment
CREATE TRIGGER payment_stays BEFORE DELETE OR TRUNCATE ON payments_payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard item_stays on payments_paymentitem
CREATE TRIGGER item_stays BEFORE DELETE OR TRUNCATE ON payments_paymentitem
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard match_stays on payments_match
CREATE TRIGGER match_stays BEFORE DELETE OR TRUNCATE ON payments_match
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function bank_details_change
CREATE OR REPLACE FUNCTION bank_details_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_at IS NOT NULL
        OR (
            NEW.id, NEW.person_id, NEW.account_name, NEW.sort_code, NEW.account_number,
            NEW.roll_number, NEW.fingerprint, NEW.last_digits, NEW.acting, NEW.entered_by_id, NEW.entered_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.person_id, OLD.account_name, OLD.sort_code, OLD.account_number,
            OLD.roll_number, OLD.fingerprint, OLD.last_digits, OLD.acting, OLD.entered_by_id, OLD.entered_at
        )
        OR (OLD.verified_at IS NOT NULL AND (NEW.refused_by_id IS NOT NULL
            OR (NEW.verified_by_id, NEW.verified_at, NEW.usable_from)
            IS DISTINCT FROM (OLD.verified_by_id, OLD.verified_at, OLD.usable_from)))
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_bankdetails: only verified, refused or retired, each once';
    END IF;
    RETURN NEW;
END $$;

-- guard bank_details_only_verified on payments_bankdetails
CREATE TRIGGER bank_details_only_verified BEFORE UPDATE ON payments_bankdetails
    FOR EACH ROW EXECUTE FUNCTION bank_details_change();

-- function run_begins
CREATE OR REPLACE FUNCTION run_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'prepared' OR NEW.authorised_by_id IS NOT NULL OR NEW.entry_id IS NOT NULL
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentrun: a run begins prepared and unsigned';
    END IF;
    RETURN NEW;
END $$;

-- guard run_begins_prepared on payments_paymentrun
CREATE TRIGGER run_begins_prepared BEFORE INSERT ON payments_paymentrun
    FOR EACH ROW EXECUTE FUNCTION run_begins();

-- function run_change
CREATE OR REPLACE FUNCTION run_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('sent', 'void')
        OR (
            NEW.id, NEW.organisation_id, NEW.number, NEW.bank_account_id, NEW.pay_on, NEW.currency,
            NEW.prepared_by_id, NEW.prepared_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.number, OLD.bank_account_id, OLD.pay_on, OLD.currency,
            OLD.prepared_by_id, OLD.prepared_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentrun: what a run is, and a run sent or void, never changes';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('prepared', 'authorised'), ('authorised', 'prepared'), ('authorised', 'sent'),
        ('prepared', 'void'), ('authorised', 'void')
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentrun: not a move of a payment run';
    END IF;
    IF (NEW.total, NEW.count, NEW.version) IS DISTINCT FROM (OLD.total, OLD.count, OLD.version)
        AND (NEW.status <> 'prepared' OR NEW.version <= OLD.version)
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentrun: the total changes only with a new file that is not signed';
    END IF;
    RETURN NEW;
END $$;

-- guard run_moves on payments_paymentrun
CREATE TRIGGER run_moves BEFORE UPDATE ON payments_paymentrun
    FOR EACH ROW EXECUTE FUNCTION run_change();

-- function run_file_begins
CREATE OR REPLACE FUNCTION run_file_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM payments_paymentrun
        WHERE id = NEW.run_id AND status = 'prepared' AND version = NEW.version
            AND total = NEW.total AND count = NEW.count
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_runfile: only for the current version of a prepared run';
    END IF;
    RETURN NEW;
END $$;

-- guard run_file_of_this_version on payments_runfile
CREATE TRIGGER run_file_of_this_version BEFORE INSERT ON payments_runfile
    FOR EACH ROW EXECUTE FUNCTION run_file_begins();

-- function payment_begins
CREATE OR REPLACE FUNCTION payment_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'prepared'
        OR NOT EXISTS (
            SELECT 1 FROM payments_paymentrun
            WHERE id = NEW.run_id AND status = 'prepared' AND organisation_id = NEW.organisation_id
        )
        OR NEW.details_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM payments_bankdetails
            WHERE id = NEW.details_id AND person_id = NEW.person_id
                AND verified_at IS NOT NULL AND retired_at IS NULL
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: into a prepared run, to verified details of the same person';
    END IF;
    RETURN NEW;
END $$;

-- guard payment_begins_prepared on payments_payment
CREATE TRIGGER payment_begins_prepared BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_begins();

-- function payment_change
CREATE OR REPLACE FUNCTION payment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
            NEW.id, NEW.organisation_id, NEW.run_id, NEW.person_id, NEW.counts_as, NEW.details_id,
            NEW.reference, NEW.amount
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.run_id, OLD.person_id, OLD.counts_as, OLD.details_id,
            OLD.reference, OLD.amount
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: payee, amount and reference never change';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('prepared', 'taken_out'), ('prepared', 'sent'), ('sent', 'paid'),
        ('sent', 'returned'), ('paid', 'sent'), ('paid', 'returned'), ('returned', 'paid')
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: not a move of a payment';
    END IF;
    RETURN NEW;
END $$;

-- guard payment_moves on payments_payment
CREATE TRIGGER payment_moves BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_change();

-- function item_begins
CREATE OR REPLACE FUNCTION item_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.live OR NOT EXISTS (
        SELECT 1
        FROM payments_payment payment
        JOIN claims_claimline line ON line.id = NEW.line_id
        JOIN claims_claim claim ON claim.id = line.claim_id
        WHERE payment.id = NEW.payment_id AND payment.status = 'prepared'
            AND line.status IN ('approved', 'reduced') AND line.allowed >= NEW.amount
            AND line.counts_as = payment.counts_as AND claim.contributor_id = payment.person_id
            AND claim.organisation_id = payment.organisation_id
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentitem: pays only what a decided line of the payee allows';
    END IF;
    RETURN NEW;
END $$;

-- guard item_pays_a_decided_line on payments_paymentitem
CREATE TRIGGER item_pays_a_decided_line BEFORE INSERT ON payments_paymentitem
    FOR EACH ROW EXECUTE FUNCTION item_begins();

-- function item_change
-- A payment moves first, its items follow: they come alive again only when a return is undone.
CREATE OR REPLACE FUNCTION item_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
            NEW.id, NEW.payment_id, NEW.line_id, NEW.amount
        ) IS DISTINCT FROM (
            OLD.id, OLD.payment_id, OLD.line_id, OLD.amount
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentitem: what an item pays never changes';
    END IF;
    IF NEW.live <> OLD.live AND NOT EXISTS (
        SELECT 1 FROM payments_payment
        WHERE id = NEW.payment_id
            AND (NEW.live AND status = 'paid' OR NOT NEW.live AND status IN ('taken_out', 'returned'))
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_paymentitem: an item is live exactly as long as its payment';
    END IF;
    RETURN NEW;
END $$;

-- guard item_lives_with_its_payment on payments_paymentitem
CREATE TRIGGER item_lives_with_its_payment BEFORE UPDATE ON payments_paymentitem
    FOR EACH ROW EXECUTE FUNCTION item_change();

-- function item_share_begins
CREATE OR REPLACE FUNCTION item_share_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM payments_paymentitem item
        JOIN payments_payment payment ON payment.id = item.payment_id
        WHERE item.id = NEW.item_id AND payment.status = 'prepared'
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_itemshare: only into a prepared payment';
    END IF;
    RETURN NEW;
END $$;

-- guard item_share_while_prepared on payments_itemshare
CREATE TRIGGER item_share_while_prepared BEFORE INSERT ON payments_itemshare
    FOR EACH ROW EXECUTE FUNCTION item_share_begins();

-- function match_change
CREATE OR REPLACE FUNCTION match_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.undone_by_id IS NULL
        OR (
            NEW.id, NEW.organisation_id, NEW.line_id, NEW.kind, NEW.run_id, NEW.payment_id,
            NEW.note, NEW.entry_id, NEW.matched_by_id, NEW.matched_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.line_id, OLD.kind, OLD.run_id, OLD.payment_id,
            OLD.note, OLD.entry_id, OLD.matched_by_id, OLD.matched_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_match: a match is only ever undone, once';
    END IF;
    RETURN NEW;
END $$;

-- guard match_only_undone on payments_match
CREATE TRIGGER match_only_undone BEFORE UPDATE ON payments_match
    FOR EACH ROW EXECUTE FUNCTION match_change();

-- function paid_line_stays
-- A line that a payment holds is not opened again. For time it does not matter whether a payment holds it:
-- that would tell whoever decided it that money was taken. Any run since then ends the time for undoing.
CREATE OR REPLACE FUNCTION paid_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('approved', 'reduced') AND NEW.status = 'open' AND (
        EXISTS (
            SELECT 1 FROM payments_paymentitem item
            JOIN payments_payment payment ON payment.id = item.payment_id
            WHERE item.line_id = OLD.id AND payment.status <> 'taken_out'
        ) OR OLD.counts_as = 'fee' AND EXISTS (
            SELECT 1 FROM payments_paymentrun run
            JOIN claims_claim claim ON claim.organisation_id = run.organisation_id
            WHERE claim.id = OLD.claim_id AND run.status <> 'void' AND run.prepared_at >= OLD.decided_at
        )
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'claims_claimline: a payment run came after this decision';
    END IF;
    RETURN NEW;
END $$;

-- guard paid_line_stays on claims_claimline
CREATE TRIGGER paid_line_stays BEFORE UPDATE ON claims_claimline
    FOR EACH ROW EXECUTE FUNCTION paid_line_stays();
