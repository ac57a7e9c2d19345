-- Concerns: what somebody said stays said; what moves money was agreed by two. Triggers are written as
-- pg_get_triggerdef prints them, so that start-up can compare them word for word.

-- guard concern_note_stays on payments_concernnote
CREATE TRIGGER concern_note_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_concernnote
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard overpayment_stays on payments_overpayment
CREATE TRIGGER overpayment_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_overpayment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard repayment_stays on payments_repayment
CREATE TRIGGER repayment_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_repayment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard estate_details_stays on payments_estatedetails
CREATE TRIGGER estate_details_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_estatedetails
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard concern_stays on payments_concern
CREATE TRIGGER concern_stays BEFORE DELETE OR TRUNCATE ON payments_concern
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard proposal_stays on payments_proposal
CREATE TRIGGER proposal_stays BEFORE DELETE OR TRUNCATE ON payments_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function concern_change
CREATE OR REPLACE FUNCTION concern_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.kind, NEW.person_id, NEW.opened_by_id, NEW.opened_at)
        IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.kind, OLD.person_id, OLD.opened_by_id, OLD.opened_at)
        OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id)
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_concern: what it is about never changes';
    END IF;
    RETURN NEW;
END $$;

-- guard concern_is_what_it_was on payments_concern
CREATE TRIGGER concern_is_what_it_was BEFORE UPDATE ON payments_concern
    FOR EACH ROW EXECUTE FUNCTION concern_change();

-- function concern_payee
CREATE OR REPLACE FUNCTION concern_payee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.payment_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM payments_payment
        WHERE id = NEW.payment_id AND person_id = NEW.person_id AND organisation_id = NEW.organisation_id
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_concern: the payment is to the same person by the same organisation';
    END IF;
    RETURN NEW;
END $$;

-- guard concern_is_about_the_payee on payments_concern
CREATE TRIGGER concern_is_about_the_payee BEFORE INSERT ON payments_concern
    FOR EACH ROW EXECUTE FUNCTION concern_payee();

-- guard concern_finds_the_payee on payments_concern
CREATE TRIGGER concern_finds_the_payee BEFORE UPDATE ON payments_concern
    FOR EACH ROW EXECUTE FUNCTION concern_payee();

-- function proposal_change
CREATE OR REPLACE FUNCTION proposal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.agreed IS NOT NULL OR NEW.agreed IS NULL OR (
            NEW.id, NEW.concern_id, NEW.kind, NEW.words, NEW.asked_by_id, NEW.asked_at
        ) IS DISTINCT FROM (
            OLD.id, OLD.concern_id, OLD.kind, OLD.words, OLD.asked_by_id, OLD.asked_at
        )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_proposal: answered once, and otherwise never changed';
    END IF;
    RETURN NEW;
END $$;

-- guard proposal_answered_once on payments_proposal
CREATE TRIGGER proposal_answered_once BEFORE UPDATE ON payments_proposal
    FOR EACH ROW EXECUTE FUNCTION proposal_change();

-- function proposal_begins
CREATE OR REPLACE FUNCTION proposal_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.agreed IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_concern WHERE id = NEW.concern_id AND status = 'open'
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_proposal: begins unanswered, about an open concern';
    END IF;
    RETURN NEW;
END $$;

-- guard proposal_begins_unanswered on payments_proposal
CREATE TRIGGER proposal_begins_unanswered BEFORE INSERT ON payments_proposal
    FOR EACH ROW EXECUTE FUNCTION proposal_begins();

-- function overpayment_begins
CREATE OR REPLACE FUNCTION overpayment_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM payments_paymentitem item
        JOIN payments_payment payment ON payment.id = item.payment_id
        JOIN payments_concern concern ON concern.id = NEW.concern_id
        WHERE item.id = NEW.item_id AND item.live AND payment.status = 'paid'
            AND concern.payment_id = payment.id AND concern.kind = 'overpaid'
            AND item.amount >= NEW.amount + (
                SELECT coalesce(sum(known.amount), 0) FROM payments_overpayment known
                JOIN payments_concern other ON other.id = known.concern_id
                WHERE known.item_id = NEW.item_id AND other.outcome <> 'not_so'
            )
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_overpayment: no more than a paid line paid';
    END IF;
    RETURN NEW;
END $$;

-- guard overpayment_fits on payments_overpayment
CREATE TRIGGER overpayment_fits BEFORE INSERT ON payments_overpayment
    FOR EACH ROW EXECUTE FUNCTION overpayment_begins();

-- function payment_owed_again
CREATE OR REPLACE FUNCTION payment_owed_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'sent' AND NEW.status = 'returned' AND NEW.method IN ('bank', 'payroll') AND NOT EXISTS (
        SELECT 1 FROM payments_proposal proposal
        JOIN payments_concern concern ON concern.id = proposal.concern_id
        WHERE concern.payment_id = NEW.id AND proposal.kind = 'never_taken' AND proposal.agreed
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: two persons agree before it is owed again';
    END IF;
    RETURN NEW;
END $$;

-- guard owed_again_by_two on payments_payment
CREATE TRIGGER owed_again_by_two BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_owed_again();

-- function payment_overpaid
CREATE OR REPLACE FUNCTION payment_overpaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'paid' AND NEW.status <> 'paid' AND EXISTS (
        SELECT 1 FROM payments_concern
        WHERE payment_id = NEW.id AND kind = 'overpaid' AND outcome <> 'not_so'
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: part of it is overpaid, so it stays paid';
    END IF;
    RETURN NEW;
END $$;

-- guard overpaid_payment_stays_paid on payments_payment
CREATE TRIGGER overpaid_payment_stays_paid BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_overpaid();

-- function payment_to_the_dead
CREATE OR REPLACE FUNCTION payment_to_the_dead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM people_death WHERE person_id = NEW.person_id AND undone_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM payments_estatedetails WHERE details_id = NEW.details_id)
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: only to the estate of somebody who died';
    END IF;
    RETURN NEW;
END $$;

-- guard nothing_goes_to_the_dead on payments_payment
CREATE TRIGGER nothing_goes_to_the_dead BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_to_the_dead();

-- function payment_sent_to_the_dead
CREATE OR REPLACE FUNCTION payment_sent_to_the_dead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'prepared' AND NEW.status = 'sent'
        AND EXISTS (SELECT 1 FROM people_death WHERE person_id = NEW.person_id AND undone_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM payments_estatedetails WHERE details_id = NEW.details_id)
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'payments_payment: only to the estate of somebody who died';
    END IF;
    RETURN NEW;
END $$;

-- guard nothing_is_sent_to_the_dead on payments_payment
CREATE TRIGGER nothing_is_sent_to_the_dead BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payment_sent_to_the_dead();
