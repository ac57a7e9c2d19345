-- Concerns: what somebody said stays said; what moves money was agreed by two. The "not_replaced" guards
-- are for connections without recursive_triggers, where INSERT OR REPLACE removes rows behind the back of
-- delete triggers.

-- guard concern_note_unchanged on payments_concernnote
CREATE TRIGGER concern_note_unchanged BEFORE UPDATE ON payments_concernnote BEGIN
    SELECT RAISE(ABORT, 'payments_concernnote: rows are never changed or removed');
END;

-- guard overpayment_unchanged on payments_overpayment
CREATE TRIGGER overpayment_unchanged BEFORE UPDATE ON payments_overpayment BEGIN
    SELECT RAISE(ABORT, 'payments_overpayment: rows are never changed or removed');
END;

-- guard repayment_unchanged on payments_repayment
CREATE TRIGGER repayment_unchanged BEFORE UPDATE ON payments_repayment BEGIN
    SELECT RAISE(ABORT, 'payments_repayment: rows are never changed or removed');
END;

-- guard estate_details_unchanged on payments_estatedetails
CREATE TRIGGER estate_details_unchanged BEFORE UPDATE ON payments_estatedetails BEGIN
    SELECT RAISE(ABORT, 'payments_estatedetails: rows are never changed or removed');
END;

-- guard concern_note_kept on payments_concernnote
CREATE TRIGGER concern_note_kept BEFORE DELETE ON payments_concernnote BEGIN
    SELECT RAISE(ABORT, 'payments_concernnote: rows are never changed or removed');
END;

-- guard overpayment_kept on payments_overpayment
CREATE TRIGGER overpayment_kept BEFORE DELETE ON payments_overpayment BEGIN
    SELECT RAISE(ABORT, 'payments_overpayment: rows are never changed or removed');
END;

-- guard repayment_kept on payments_repayment
CREATE TRIGGER repayment_kept BEFORE DELETE ON payments_repayment BEGIN
    SELECT RAISE(ABORT, 'payments_repayment: rows are never changed or removed');
END;

-- guard estate_details_kept on payments_estatedetails
CREATE TRIGGER estate_details_kept BEFORE DELETE ON payments_estatedetails BEGIN
    SELECT RAISE(ABORT, 'payments_estatedetails: rows are never changed or removed');
END;

-- guard concern_kept on payments_concern
CREATE TRIGGER concern_kept BEFORE DELETE ON payments_concern BEGIN
    SELECT RAISE(ABORT, 'payments_concern: rows are never changed or removed');
END;

-- guard proposal_kept on payments_proposal
CREATE TRIGGER proposal_kept BEFORE DELETE ON payments_proposal BEGIN
    SELECT RAISE(ABORT, 'payments_proposal: rows are never changed or removed');
END;

-- guard concern_note_not_replaced on payments_concernnote
CREATE TRIGGER concern_note_not_replaced BEFORE INSERT ON payments_concernnote
WHEN EXISTS (
    SELECT 1 FROM payments_concernnote WHERE id = NEW.id
) BEGIN
    SELECT RAISE(ABORT, 'payments_concernnote: rows are never replaced');
END;

-- guard overpayment_not_replaced on payments_overpayment
CREATE TRIGGER overpayment_not_replaced BEFORE INSERT ON payments_overpayment
WHEN EXISTS (
    SELECT 1 FROM payments_overpayment WHERE id = NEW.id OR concern_id = NEW.concern_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_overpayment: rows are never replaced');
END;

-- guard repayment_not_replaced on payments_repayment
CREATE TRIGGER repayment_not_replaced BEFORE INSERT ON payments_repayment
WHEN EXISTS (
    SELECT 1 FROM payments_repayment WHERE id = NEW.id OR match_id = NEW.match_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_repayment: rows are never replaced');
END;

-- guard estate_details_not_replaced on payments_estatedetails
CREATE TRIGGER estate_details_not_replaced BEFORE INSERT ON payments_estatedetails
WHEN EXISTS (
    SELECT 1 FROM payments_estatedetails WHERE id = NEW.id OR details_id = NEW.details_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_estatedetails: rows are never replaced');
END;

-- guard concern_not_replaced on payments_concern
CREATE TRIGGER concern_not_replaced BEFORE INSERT ON payments_concern
WHEN EXISTS (
    SELECT 1 FROM payments_concern WHERE id = NEW.id
    OR status = 'open' AND NEW.status = 'open' AND kind = NEW.kind AND (
        payment_id = NEW.payment_id AND kind = 'not_arrived'
        OR payment_id IS NULL AND NEW.payment_id IS NULL
            AND person_id = NEW.person_id AND organisation_id = NEW.organisation_id
    )
) BEGIN
    SELECT RAISE(ABORT, 'payments_concern: rows are never replaced');
END;

-- guard proposal_not_replaced on payments_proposal
CREATE TRIGGER proposal_not_replaced BEFORE INSERT ON payments_proposal
WHEN EXISTS (
    SELECT 1 FROM payments_proposal WHERE id = NEW.id OR concern_id = NEW.concern_id AND agreed IS NULL AND NEW.agreed IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'payments_proposal: rows are never replaced');
END;

-- guard concern_is_what_it_was on payments_concern
CREATE TRIGGER concern_is_what_it_was BEFORE UPDATE ON payments_concern
WHEN (NEW.id, NEW.organisation_id, NEW.kind, NEW.person_id, NEW.opened_by_id, NEW.opened_at)
    IS NOT (OLD.id, OLD.organisation_id, OLD.kind, OLD.person_id, OLD.opened_by_id, OLD.opened_at)
    OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS NOT OLD.payment_id) BEGIN
    SELECT RAISE(ABORT, 'payments_concern: what it is about never changes');
END;

-- guard concern_is_about_the_payee on payments_concern
CREATE TRIGGER concern_is_about_the_payee BEFORE INSERT ON payments_concern
WHEN NEW.payment_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM payments_payment
    WHERE id = NEW.payment_id AND person_id = NEW.person_id AND organisation_id = NEW.organisation_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_concern: the payment is to the same person by the same organisation');
END;

-- guard concern_finds_the_payee on payments_concern
CREATE TRIGGER concern_finds_the_payee BEFORE UPDATE ON payments_concern
WHEN NEW.payment_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM payments_payment
    WHERE id = NEW.payment_id AND person_id = NEW.person_id AND organisation_id = NEW.organisation_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_concern: the payment is to the same person by the same organisation');
END;

-- guard proposal_answered_once on payments_proposal
CREATE TRIGGER proposal_answered_once BEFORE UPDATE ON payments_proposal
WHEN OLD.agreed IS NOT NULL OR NEW.agreed IS NULL OR (
    NEW.id, NEW.concern_id, NEW.kind, NEW.words, NEW.asked_by_id, NEW.asked_at
) IS NOT (
    OLD.id, OLD.concern_id, OLD.kind, OLD.words, OLD.asked_by_id, OLD.asked_at
) BEGIN
    SELECT RAISE(ABORT, 'payments_proposal: answered once, and otherwise never changed');
END;

-- guard proposal_begins_unanswered on payments_proposal
CREATE TRIGGER proposal_begins_unanswered BEFORE INSERT ON payments_proposal
WHEN NEW.agreed IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM payments_concern WHERE id = NEW.concern_id AND status = 'open'
) BEGIN
    SELECT RAISE(ABORT, 'payments_proposal: begins unanswered, about an open concern');
END;

-- guard overpayment_fits on payments_overpayment
CREATE TRIGGER overpayment_fits BEFORE INSERT ON payments_overpayment
WHEN NOT EXISTS (
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
) BEGIN
    SELECT RAISE(ABORT, 'payments_overpayment: no more than a paid line paid');
END;

-- guard owed_again_by_two on payments_payment
CREATE TRIGGER owed_again_by_two BEFORE UPDATE ON payments_payment
WHEN OLD.status = 'sent' AND NEW.status = 'returned' AND NEW.method IN ('bank', 'payroll') AND NOT EXISTS (
    SELECT 1 FROM payments_proposal proposal
    JOIN payments_concern concern ON concern.id = proposal.concern_id
    WHERE concern.payment_id = NEW.id AND proposal.kind = 'never_taken' AND proposal.agreed
) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: two persons agree before it is owed again');
END;

-- guard overpaid_payment_stays_paid on payments_payment
CREATE TRIGGER overpaid_payment_stays_paid BEFORE UPDATE ON payments_payment
WHEN OLD.status = 'paid' AND NEW.status <> 'paid' AND EXISTS (
    SELECT 1 FROM payments_concern
    WHERE payment_id = NEW.id AND kind = 'overpaid' AND outcome <> 'not_so'
) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: part of it is overpaid, so it stays paid');
END;

-- guard nothing_goes_to_the_dead on payments_payment
CREATE TRIGGER nothing_goes_to_the_dead BEFORE INSERT ON payments_payment
WHEN EXISTS (SELECT 1 FROM people_death WHERE person_id = NEW.person_id AND undone_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM payments_estatedetails WHERE details_id = NEW.details_id) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: only to the estate of somebody who died');
END;

-- guard nothing_is_sent_to_the_dead on payments_payment
CREATE TRIGGER nothing_is_sent_to_the_dead BEFORE UPDATE ON payments_payment
WHEN OLD.status = 'prepared' AND NEW.status = 'sent'
    AND EXISTS (SELECT 1 FROM people_death WHERE person_id = NEW.person_id AND undone_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM payments_estatedetails WHERE details_id = NEW.details_id) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: only to the estate of somebody who died');
END;
