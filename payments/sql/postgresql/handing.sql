-- What is paid by hand: hand-overs only end, stock only goes out or is written off, counts stay as they were.
-- Written as pg_get_triggerdef prints triggers.

-- guard hand_over_stays on payments_handover
CREATE TRIGGER hand_over_stays BEFORE DELETE OR TRUNCATE ON payments_handover
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard voucher_batch_stays on payments_voucherbatch
CREATE TRIGGER voucher_batch_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_voucherbatch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard voucher_stays on payments_voucher
CREATE TRIGGER voucher_stays BEFORE DELETE OR TRUNCATE ON payments_voucher
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard cash_count_stays on payments_cashcount
CREATE TRIGGER cash_count_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_cashcount
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard learning_stays on payments_learningspend
CREATE TRIGGER learning_stays BEFORE DELETE OR TRUNCATE ON payments_learningspend
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function hand_over_change
CREATE OR REPLACE FUNCTION hand_over_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended <> ''
        OR OLD.collected_on IS NOT NULL AND OLD.cashed_by_id IS NULL
            AND NEW.collected_on IS DISTINCT FROM OLD.collected_on
        OR OLD.seen_at IS NOT NULL AND NEW.seen_at IS DISTINCT FROM OLD.seen_at
        OR (
            NEW.id, NEW.organisation_id, NEW.payment_id, NEW.day, NEW.serial, NEW.code,
            NEW.entry_id, NEW.given_by_id, NEW.given_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.payment_id, OLD.day, OLD.serial, OLD.code,
            OLD.entry_id, OLD.given_by_id, OLD.given_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_handover: a hand-over is only collected or ended, each once';
    END IF;
    RETURN NEW;
END $$;

-- guard hand_over_only_ends on payments_handover
CREATE TRIGGER hand_over_only_ends BEFORE UPDATE ON payments_handover
    FOR EACH ROW EXECUTE FUNCTION hand_over_change();

-- function voucher_change
CREATE OR REPLACE FUNCTION voucher_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.written_off_at IS NOT NULL
        OR NEW.hand_over_id IS NOT NULL AND OLD.hand_over_id IS NOT NULL AND NEW.hand_over_id IS DISTINCT FROM OLD.hand_over_id
        OR NEW.hand_over_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM payments_handover AS made
            JOIN payments_payment AS paid ON paid.id = made.payment_id
            JOIN payments_voucherbatch AS batch ON batch.organisation_id = made.organisation_id
            WHERE made.id = NEW.hand_over_id AND batch.id = NEW.batch_id AND paid.method = 'voucher'
        )
        OR (
            NEW.id, NEW.batch_id, NEW.position, NEW.code
        ) IS DISTINCT FROM (
            OLD.id, OLD.batch_id, OLD.position, OLD.code
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_voucher: a voucher goes to one payment by voucher, and once written off it stays so';
    END IF;
    RETURN NEW;
END $$;

-- guard voucher_goes_out_once on payments_voucher
CREATE TRIGGER voucher_goes_out_once BEFORE UPDATE ON payments_voucher
    FOR EACH ROW EXECUTE FUNCTION voucher_change();

-- function learning_change
CREATE OR REPLACE FUNCTION learning_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.agreed IS NOT NULL OR NEW.agreed IS NULL
        OR (
            NEW.id, NEW.organisation_id, NEW.person_id, NEW.item, NEW.amount, NEW.asked_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.organisation_id, OLD.person_id, OLD.item, OLD.amount, OLD.asked_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_learningspend: what was asked is only ever answered, once';
    END IF;
    RETURN NEW;
END $$;

-- guard learning_answered_once on payments_learningspend
CREATE TRIGGER learning_answered_once BEFORE UPDATE ON payments_learningspend
    FOR EACH ROW EXECUTE FUNCTION learning_change();

-- function hand_over_begins
CREATE OR REPLACE FUNCTION hand_over_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended <> '' OR NOT EXISTS (
        SELECT 1 FROM payments_payment
        WHERE id = NEW.payment_id AND organisation_id = NEW.organisation_id AND status = 'paid'
            AND method NOT IN ('bank', 'payroll') AND person_id <> NEW.given_by_id
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_handover: of a payment that is paid by hand, by somebody it does not pay';
    END IF;
    RETURN NEW;
END $$;

-- guard hand_over_of_a_sent_payment on payments_handover
CREATE TRIGGER hand_over_of_a_sent_payment BEFORE INSERT ON payments_handover
    FOR EACH ROW EXECUTE FUNCTION hand_over_begins();
