-- Payments: what was frozen stays frozen, statuses move only as payments/workflow.py says. The
-- "not_replaced" guards are for connections without recursive_triggers, where INSERT OR REPLACE
-- removes rows behind the back of delete triggers.

-- guard run_file_unchanged on payments_runfile
CREATE TRIGGER run_file_unchanged BEFORE UPDATE ON payments_runfile BEGIN
    SELECT RAISE(ABORT, 'payments_runfile: rows are never changed or removed');
END;

-- guard item_share_unchanged on payments_itemshare
CREATE TRIGGER item_share_unchanged BEFORE UPDATE ON payments_itemshare BEGIN
    SELECT RAISE(ABORT, 'payments_itemshare: rows are never changed or removed');
END;

-- guard remittance_unchanged on payments_remittance
CREATE TRIGGER remittance_unchanged BEFORE UPDATE ON payments_remittance BEGIN
    SELECT RAISE(ABORT, 'payments_remittance: rows are never changed or removed');
END;

-- guard statement_unchanged on payments_statement
CREATE TRIGGER statement_unchanged BEFORE UPDATE ON payments_statement BEGIN
    SELECT RAISE(ABORT, 'payments_statement: rows are never changed or removed');
END;

-- guard statement_line_unchanged on payments_statementline
CREATE TRIGGER statement_line_unchanged BEFORE UPDATE ON payments_statementline BEGIN
    SELECT RAISE(ABORT, 'payments_statementline: rows are never changed or removed');
END;

-- guard run_file_kept on payments_runfile
CREATE TRIGGER run_file_kept BEFORE DELETE ON payments_runfile BEGIN
    SELECT RAISE(ABORT, 'payments_runfile: rows are never changed or removed');
END;

-- guard item_share_kept on payments_itemshare
CREATE TRIGGER item_share_kept BEFORE DELETE ON payments_itemshare BEGIN
    SELECT RAISE(ABORT, 'payments_itemshare: rows are never changed or removed');
END;

-- guard remittance_kept on payments_remittance
CREATE TRIGGER remittance_kept BEFORE DELETE ON payments_remittance BEGIN
    SELECT RAISE(ABORT, 'payments_remittance: rows are never changed or removed');
END;

-- guard statement_kept on payments_statement
CREATE TRIGGER statement_kept BEFORE DELETE ON payments_statement BEGIN
    SELECT RAISE(ABORT, 'payments_statement: rows are never changed or removed');
END;

-- guard statement_line_kept on payments_statementline
CREATE TRIGGER statement_line_kept BEFORE DELETE ON payments_statementline BEGIN
    SELECT RAISE(ABORT, 'payments_statementline: rows are never changed or removed');
END;

-- guard bank_details_kept on payments_bankdetails
CREATE TRIGGER bank_details_kept BEFORE DELETE ON payments_bankdetails BEGIN
    SELECT RAISE(ABORT, 'payments_bankdetails: rows are never changed or removed');
END;

-- guard run_kept on payments_paymentrun
CREATE TRIGGER run_kept BEFORE DELETE ON payments_paymentrun BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: rows are never changed or removed');
END;

-- guard payment_kept on payments_payment
CREATE TRIGGER payment_kept BEFORE DELETE ON payments_payment BEGIN
    SELECT RAISE(ABORT, 'payments_payment: rows are never changed or removed');
END;

-- guard item_kept on payments_paymentitem
CREATE TRIGGER item_kept BEFORE DELETE ON payments_paymentitem BEGIN
    SELECT RAISE(ABORT, 'payments_paymentitem: rows are never changed or removed');
END;

-- guard match_kept on payments_match
CREATE TRIGGER match_kept BEFORE DELETE ON payments_match BEGIN
    SELECT RAISE(ABORT, 'payments_match: rows are never changed or removed');
END;

-- guard run_file_not_replaced on payments_runfile
CREATE TRIGGER run_file_not_replaced BEFORE INSERT ON payments_runfile
WHEN EXISTS (
    SELECT 1 FROM payments_runfile WHERE id = NEW.id
    OR run_id = NEW.run_id AND version = NEW.version
) BEGIN
    SELECT RAISE(ABORT, 'payments_runfile: rows are never replaced');
END;

-- guard item_share_not_replaced on payments_itemshare
CREATE TRIGGER item_share_not_replaced BEFORE INSERT ON payments_itemshare
WHEN EXISTS (
    SELECT 1 FROM payments_itemshare WHERE id = NEW.id
    OR item_id = NEW.item_id AND owed_id = NEW.owed_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_itemshare: rows are never replaced');
END;

-- guard remittance_not_replaced on payments_remittance
CREATE TRIGGER remittance_not_replaced BEFORE INSERT ON payments_remittance
WHEN EXISTS (
    SELECT 1 FROM payments_remittance WHERE id = NEW.id
    OR run_id = NEW.run_id AND person_id = NEW.person_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_remittance: rows are never replaced');
END;

-- guard statement_not_replaced on payments_statement
CREATE TRIGGER statement_not_replaced BEFORE INSERT ON payments_statement
WHEN EXISTS (
    SELECT 1 FROM payments_statement WHERE id = NEW.id
    OR account_id = NEW.account_id AND sha256 = NEW.sha256
) BEGIN
    SELECT RAISE(ABORT, 'payments_statement: rows are never replaced');
END;

-- guard statement_line_not_replaced on payments_statementline
CREATE TRIGGER statement_line_not_replaced BEFORE INSERT ON payments_statementline
WHEN EXISTS (
    SELECT 1 FROM payments_statementline WHERE id = NEW.id
    OR account_id = NEW.account_id AND content_hash = NEW.content_hash AND occurrence = NEW.occurrence
) BEGIN
    SELECT RAISE(ABORT, 'payments_statementline: rows are never replaced');
END;

-- guard bank_details_not_replaced on payments_bankdetails
CREATE TRIGGER bank_details_not_replaced BEFORE INSERT ON payments_bankdetails
WHEN EXISTS (
    SELECT 1 FROM payments_bankdetails WHERE id = NEW.id
    OR person_id = NEW.person_id AND retired_at IS NULL
        AND (verified_at IS NULL) = (NEW.verified_at IS NULL) AND NEW.retired_at IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'payments_bankdetails: rows are never replaced');
END;

-- guard run_not_replaced on payments_paymentrun
CREATE TRIGGER run_not_replaced BEFORE INSERT ON payments_paymentrun
WHEN EXISTS (
    SELECT 1 FROM payments_paymentrun WHERE id = NEW.id
    OR organisation_id = NEW.organisation_id AND number = NEW.number
) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: rows are never replaced');
END;

-- guard payment_not_replaced on payments_payment
CREATE TRIGGER payment_not_replaced BEFORE INSERT ON payments_payment
WHEN EXISTS (
    SELECT 1 FROM payments_payment WHERE id = NEW.id
    OR organisation_id = NEW.organisation_id AND reference = NEW.reference
    OR run_id = NEW.run_id AND person_id = NEW.person_id AND counts_as = NEW.counts_as
) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: rows are never replaced');
END;

-- guard item_not_replaced on payments_paymentitem
CREATE TRIGGER item_not_replaced BEFORE INSERT ON payments_paymentitem
WHEN EXISTS (
    SELECT 1 FROM payments_paymentitem WHERE id = NEW.id
    OR line_id = NEW.line_id AND (live AND NEW.live OR payment_id = NEW.payment_id)
) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentitem: rows are never replaced');
END;

-- guard match_not_replaced on payments_match
CREATE TRIGGER match_not_replaced BEFORE INSERT ON payments_match
WHEN EXISTS (
    SELECT 1 FROM payments_match WHERE id = NEW.id
    OR line_id = NEW.line_id AND undone_at IS NULL AND NEW.undone_at IS NULL
) BEGIN
    SELECT RAISE(ABORT, 'payments_match: rows are never replaced');
END;

-- guard bank_details_only_verified on payments_bankdetails
CREATE TRIGGER bank_details_only_verified BEFORE UPDATE ON payments_bankdetails
WHEN OLD.retired_at IS NOT NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.account_name IS NOT OLD.account_name
    OR NEW.sort_code IS NOT OLD.sort_code
    OR NEW.account_number IS NOT OLD.account_number
    OR NEW.roll_number IS NOT OLD.roll_number
    OR NEW.fingerprint IS NOT OLD.fingerprint
    OR NEW.last_digits IS NOT OLD.last_digits
    OR NEW.acting IS NOT OLD.acting
    OR NEW.entered_by_id IS NOT OLD.entered_by_id
    OR NEW.entered_at IS NOT OLD.entered_at
    OR (OLD.verified_at IS NOT NULL AND (NEW.verified_by_id IS NOT OLD.verified_by_id
        OR NEW.verified_at IS NOT OLD.verified_at
        OR NEW.usable_from IS NOT OLD.usable_from
        OR NEW.refused_by_id IS NOT NULL)) BEGIN
    SELECT RAISE(ABORT, 'payments_bankdetails: only verified, refused or retired, each once');
END;

-- guard run_begins_prepared on payments_paymentrun
CREATE TRIGGER run_begins_prepared BEFORE INSERT ON payments_paymentrun
WHEN NEW.status <> 'prepared' OR NEW.authorised_by_id IS NOT NULL OR NEW.entry_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: a run begins prepared and unsigned');
END;

-- guard run_is_what_it_was on payments_paymentrun
CREATE TRIGGER run_is_what_it_was BEFORE UPDATE ON payments_paymentrun
WHEN OLD.status IN ('sent', 'void')
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.number IS NOT OLD.number
    OR NEW.bank_account_id IS NOT OLD.bank_account_id
    OR NEW.pay_on IS NOT OLD.pay_on
    OR NEW.currency IS NOT OLD.currency
    OR NEW.prepared_by_id IS NOT OLD.prepared_by_id
    OR NEW.prepared_at IS NOT OLD.prepared_at BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: what a run is, and a run sent or void, never changes');
END;

-- guard run_moves on payments_paymentrun
CREATE TRIGGER run_moves BEFORE UPDATE ON payments_paymentrun
WHEN OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('prepared', 'authorised'), ('authorised', 'prepared'), ('authorised', 'sent'),
    ('prepared', 'void'), ('authorised', 'void')
) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: not a move of a payment run');
END;

-- guard run_total_is_signed on payments_paymentrun
CREATE TRIGGER run_total_is_signed BEFORE UPDATE ON payments_paymentrun
WHEN (NEW.total <> OLD.total OR NEW.count <> OLD.count OR NEW.version <> OLD.version)
    AND (NEW.status <> 'prepared' OR NEW.version <= OLD.version) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentrun: the total changes only with a new file that is not signed');
END;

-- guard run_file_of_this_version on payments_runfile
CREATE TRIGGER run_file_of_this_version BEFORE INSERT ON payments_runfile
WHEN NOT EXISTS (
    SELECT 1 FROM payments_paymentrun
    WHERE id = NEW.run_id AND status = 'prepared' AND version = NEW.version
        AND total = NEW.total AND count = NEW.count
) BEGIN
    SELECT RAISE(ABORT, 'payments_runfile: only for the current version of a prepared run');
END;

-- guard payment_begins_prepared on payments_payment
CREATE TRIGGER payment_begins_prepared BEFORE INSERT ON payments_payment
WHEN NEW.status <> 'prepared'
    OR NOT EXISTS (
        SELECT 1 FROM payments_paymentrun
        WHERE id = NEW.run_id AND status = 'prepared' AND organisation_id = NEW.organisation_id
    )
    OR NEW.details_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM payments_bankdetails
        WHERE id = NEW.details_id AND person_id = NEW.person_id
            AND verified_at IS NOT NULL AND retired_at IS NULL
    ) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: into a prepared run, to verified details of the same person');
END;

-- guard payment_is_what_it_was on payments_payment
CREATE TRIGGER payment_is_what_it_was BEFORE UPDATE ON payments_payment
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.run_id IS NOT OLD.run_id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.counts_as IS NOT OLD.counts_as
    OR NEW.details_id IS NOT OLD.details_id
    OR NEW.reference IS NOT OLD.reference
    OR NEW.amount IS NOT OLD.amount BEGIN
    SELECT RAISE(ABORT, 'payments_payment: payee, amount and reference never change');
END;

-- guard payment_moves on payments_payment
CREATE TRIGGER payment_moves BEFORE UPDATE ON payments_payment
WHEN OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('prepared', 'taken_out'), ('prepared', 'sent'), ('sent', 'paid'),
    ('sent', 'returned'), ('paid', 'sent'), ('paid', 'returned'), ('returned', 'paid')
) BEGIN
    SELECT RAISE(ABORT, 'payments_payment: not a move of a payment');
END;

-- guard item_pays_a_decided_line on payments_paymentitem
CREATE TRIGGER item_pays_a_decided_line BEFORE INSERT ON payments_paymentitem
WHEN NOT NEW.live OR NOT EXISTS (
    SELECT 1
    FROM payments_payment payment
    JOIN claims_claimline line ON line.id = NEW.line_id
    JOIN claims_claim claim ON claim.id = line.claim_id
    WHERE payment.id = NEW.payment_id AND payment.status = 'prepared'
        AND line.status IN ('approved', 'reduced') AND line.allowed >= NEW.amount
        AND line.counts_as = payment.counts_as AND claim.contributor_id = payment.person_id
        AND claim.organisation_id = payment.organisation_id
) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentitem: pays only what a decided line of the payee allows');
END;

-- guard item_is_what_it_was on payments_paymentitem
CREATE TRIGGER item_is_what_it_was BEFORE UPDATE ON payments_paymentitem
WHEN NEW.id IS NOT OLD.id
    OR NEW.payment_id IS NOT OLD.payment_id
    OR NEW.line_id IS NOT OLD.line_id
    OR NEW.amount IS NOT OLD.amount BEGIN
    SELECT RAISE(ABORT, 'payments_paymentitem: what an item pays never changes');
END;

-- guard item_lives_with_its_payment on payments_paymentitem
CREATE TRIGGER item_lives_with_its_payment BEFORE UPDATE ON payments_paymentitem
WHEN NEW.live <> OLD.live AND NOT EXISTS (
    SELECT 1 FROM payments_payment
    WHERE id = NEW.payment_id
        AND (NEW.live AND status = 'paid' OR NOT NEW.live AND status IN ('taken_out', 'returned'))
) BEGIN
    SELECT RAISE(ABORT, 'payments_paymentitem: an item is live exactly as long as its payment');
END;

-- guard item_share_while_prepared on payments_itemshare
CREATE TRIGGER item_share_while_prepared BEFORE INSERT ON payments_itemshare
WHEN NOT EXISTS (
    SELECT 1
    FROM payments_paymentitem item
    JOIN payments_payment payment ON payment.id = item.payment_id
    WHERE item.id = NEW.item_id AND payment.status = 'prepared'
) BEGIN
    SELECT RAISE(ABORT, 'payments_itemshare: only into a prepared payment');
END;

-- guard match_only_undone on payments_match
CREATE TRIGGER match_only_undone BEFORE UPDATE ON payments_match
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.undone_by_id IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.line_id IS NOT OLD.line_id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.run_id IS NOT OLD.run_id
    OR NEW.payment_id IS NOT OLD.payment_id
    OR NEW.note IS NOT OLD.note
    OR NEW.entry_id IS NOT OLD.entry_id
    OR NEW.matched_by_id IS NOT OLD.matched_by_id
    OR NEW.matched_at IS NOT OLD.matched_at BEGIN
    SELECT RAISE(ABORT, 'payments_match: a match is only ever undone, once');
END;

-- guard paid_line_stays on claims_claimline
CREATE TRIGGER paid_line_stays BEFORE UPDATE ON claims_claimline
WHEN OLD.status IN ('approved', 'reduced') AND NEW.status = 'open' AND (
    EXISTS (
        SELECT 1 FROM payments_paymentitem item
        JOIN payments_payment payment ON payment.id = item.payment_id
        WHERE item.line_id = OLD.id AND payment.status <> 'taken_out'
    ) OR OLD.counts_as = 'fee' AND EXISTS (
        SELECT 1 FROM payments_paymentrun run
        JOIN claims_claim claim ON claim.organisation_id = run.organisation_id
        WHERE claim.id = OLD.claim_id AND run.status <> 'void' AND run.prepared_at >= OLD.decided_at
    )
) BEGIN
    -- For time it does not matter whether a payment holds the line: that would tell whoever decided it
    -- that money was taken. Any run since then ends the time for undoing.
    SELECT RAISE(ABORT, 'claims_claimline: a payment run came after this decision');
END;
