-- What is paid by hand: hand-overs only end, stock only goes out or is written off, counts stay as they were.

-- guard hand_over_kept on payments_handover
CREATE TRIGGER hand_over_kept BEFORE DELETE ON payments_handover BEGIN
    SELECT RAISE(ABORT, 'payments_handover: rows are never changed or removed');
END;

-- guard hand_over_not_replaced on payments_handover
CREATE TRIGGER hand_over_not_replaced BEFORE INSERT ON payments_handover
WHEN EXISTS (
    SELECT 1 FROM payments_handover WHERE id = NEW.id OR entry_id = NEW.entry_id
    OR payment_id = NEW.payment_id AND ended = '' AND NEW.ended = ''
    OR organisation_id = NEW.organisation_id AND serial <> '' AND serial = NEW.serial
        AND ended <> 'mistake' AND NEW.ended <> 'mistake'
) BEGIN
    SELECT RAISE(ABORT, 'payments_handover: rows are never replaced');
END;

-- guard voucher_batch_kept on payments_voucherbatch
CREATE TRIGGER voucher_batch_kept BEFORE DELETE ON payments_voucherbatch BEGIN
    SELECT RAISE(ABORT, 'payments_voucherbatch: rows are never changed or removed');
END;

-- guard voucher_batch_not_replaced on payments_voucherbatch
CREATE TRIGGER voucher_batch_not_replaced BEFORE INSERT ON payments_voucherbatch
WHEN EXISTS (
    SELECT 1 FROM payments_voucherbatch WHERE id = NEW.id OR entry_id = NEW.entry_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_voucherbatch: rows are never replaced');
END;

-- guard voucher_batch_unchanged on payments_voucherbatch
CREATE TRIGGER voucher_batch_unchanged BEFORE UPDATE ON payments_voucherbatch BEGIN
    SELECT RAISE(ABORT, 'payments_voucherbatch: rows are never changed or removed');
END;

-- guard voucher_kept on payments_voucher
CREATE TRIGGER voucher_kept BEFORE DELETE ON payments_voucher BEGIN
    SELECT RAISE(ABORT, 'payments_voucher: rows are never changed or removed');
END;

-- guard voucher_not_replaced on payments_voucher
CREATE TRIGGER voucher_not_replaced BEFORE INSERT ON payments_voucher
WHEN EXISTS (
    SELECT 1 FROM payments_voucher WHERE id = NEW.id OR batch_id = NEW.batch_id AND position = NEW.position
) BEGIN
    SELECT RAISE(ABORT, 'payments_voucher: rows are never replaced');
END;

-- guard cash_count_kept on payments_cashcount
CREATE TRIGGER cash_count_kept BEFORE DELETE ON payments_cashcount BEGIN
    SELECT RAISE(ABORT, 'payments_cashcount: rows are never changed or removed');
END;

-- guard cash_count_not_replaced on payments_cashcount
CREATE TRIGGER cash_count_not_replaced BEFORE INSERT ON payments_cashcount
WHEN EXISTS (
    SELECT 1 FROM payments_cashcount WHERE id = NEW.id OR entry_id = NEW.entry_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_cashcount: rows are never replaced');
END;

-- guard cash_count_unchanged on payments_cashcount
CREATE TRIGGER cash_count_unchanged BEFORE UPDATE ON payments_cashcount BEGIN
    SELECT RAISE(ABORT, 'payments_cashcount: rows are never changed or removed');
END;

-- guard learning_kept on payments_learningspend
CREATE TRIGGER learning_kept BEFORE DELETE ON payments_learningspend BEGIN
    SELECT RAISE(ABORT, 'payments_learningspend: rows are never changed or removed');
END;

-- guard learning_not_replaced on payments_learningspend
CREATE TRIGGER learning_not_replaced BEFORE INSERT ON payments_learningspend
WHEN EXISTS (
    SELECT 1 FROM payments_learningspend WHERE id = NEW.id OR entry_id = NEW.entry_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_learningspend: rows are never replaced');
END;

-- guard hand_over_only_ends on payments_handover
CREATE TRIGGER hand_over_only_ends BEFORE UPDATE ON payments_handover
WHEN OLD.ended <> ''
    OR OLD.collected_on IS NOT NULL AND OLD.cashed_by_id IS NULL AND NEW.collected_on IS NOT OLD.collected_on
    OR OLD.seen_at IS NOT NULL AND NEW.seen_at IS NOT OLD.seen_at
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.payment_id IS NOT OLD.payment_id
    OR NEW.day IS NOT OLD.day
    OR NEW.serial IS NOT OLD.serial
    OR NEW.code IS NOT OLD.code
    OR NEW.entry_id IS NOT OLD.entry_id
    OR NEW.given_by_id IS NOT OLD.given_by_id
    OR NEW.given_at IS NOT OLD.given_at BEGIN
    SELECT RAISE(ABORT, 'payments_handover: a hand-over is only collected or ended, each once');
END;

-- guard voucher_goes_out_once on payments_voucher
CREATE TRIGGER voucher_goes_out_once BEFORE UPDATE ON payments_voucher
WHEN OLD.written_off_at IS NOT NULL
    OR NEW.hand_over_id IS NOT NULL AND OLD.hand_over_id IS NOT NULL AND NEW.hand_over_id IS NOT OLD.hand_over_id
    OR NEW.hand_over_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM payments_handover AS made
        JOIN payments_payment AS paid ON paid.id = made.payment_id
        JOIN payments_voucherbatch AS batch ON batch.organisation_id = made.organisation_id
        WHERE made.id = NEW.hand_over_id AND batch.id = NEW.batch_id AND paid.method = 'voucher'
    )
    OR NEW.id IS NOT OLD.id
    OR NEW.batch_id IS NOT OLD.batch_id
    OR NEW.position IS NOT OLD.position
    OR NEW.code IS NOT OLD.code BEGIN
    SELECT RAISE(ABORT, 'payments_voucher: a voucher goes to one payment by voucher, and once written off it stays so');
END;

-- guard learning_answered_once on payments_learningspend
CREATE TRIGGER learning_answered_once BEFORE UPDATE ON payments_learningspend
WHEN OLD.agreed IS NOT NULL OR NEW.agreed IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.item IS NOT OLD.item
    OR NEW.amount IS NOT OLD.amount
    OR NEW.asked_at IS NOT OLD.asked_at BEGIN
    SELECT RAISE(ABORT, 'payments_learningspend: what was asked is only ever answered, once');
END;

-- guard hand_over_of_a_sent_payment on payments_handover
CREATE TRIGGER hand_over_of_a_sent_payment BEFORE INSERT ON payments_handover
WHEN NEW.ended <> '' OR NOT EXISTS (
    SELECT 1 FROM payments_payment
    WHERE id = NEW.payment_id AND organisation_id = NEW.organisation_id AND status = 'paid'
        AND method NOT IN ('bank', 'payroll') AND person_id <> NEW.given_by_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_handover: of a payment that is paid by hand, by somebody it does not pay');
END;
