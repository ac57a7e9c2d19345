-- What must never happen to claims, whoever asks. The pairs of statuses are those of claims/workflow.py
-- (a test compares them). The "not_replaced" guards are for connections without recursive_triggers,
-- where INSERT OR REPLACE removes rows behind the back of delete triggers.

-- guard claim_moves on claims_claim
CREATE TRIGGER claim_moves BEFORE UPDATE ON claims_claim
WHEN NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('draft', 'submitted'), ('draft', 'withdrawn'), ('submitted', 'withdrawn'), ('submitted', 'decided'),
    ('decided', 'submitted')
) BEGIN
    SELECT RAISE(ABORT, 'claims_claim: this status does not become that one');
END;

-- guard claim_opened_again on claims_claim
CREATE TRIGGER claim_opened_again BEFORE UPDATE ON claims_claim
WHEN OLD.status = 'decided' AND NEW.status = 'submitted' AND NOT EXISTS (
    SELECT 1 FROM claims_claimline WHERE claim_id = OLD.id AND status = 'open'
) BEGIN
    SELECT RAISE(ABORT, 'claims_claim: opened again only with a line that was opened again');
END;

-- guard claim_stays_whose_it_is on claims_claim
CREATE TRIGGER claim_stays_whose_it_is BEFORE UPDATE ON claims_claim
WHEN (
    NEW.organisation_id, NEW.project_id, NEW.contributor_id, NEW.entered_by_id, NEW.policy_id,
    NEW.currency, NEW.handle, NEW.activity_id
) IS NOT (
    OLD.organisation_id, OLD.project_id, OLD.contributor_id, OLD.entered_by_id, OLD.policy_id,
    OLD.currency, OLD.handle, OLD.activity_id
) OR (OLD.status <> 'draft' AND NEW.reference <> OLD.reference) BEGIN
    SELECT RAISE(ABORT, 'claims_claim: whose it is, who typed it and how it is priced never change');
END;

-- guard claim_kept on claims_claim
CREATE TRIGGER claim_kept BEFORE DELETE ON claims_claim
WHEN OLD.status <> 'draft' BEGIN
    SELECT RAISE(ABORT, 'claims_claim: a sent claim is never removed');
END;

-- guard line_moves on claims_claimline
CREATE TRIGGER line_moves BEFORE UPDATE ON claims_claimline
WHEN NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
    ('open', 'approved'), ('open', 'reduced'), ('open', 'refused'), ('open', 'queried'),
    ('queried', 'approved'), ('queried', 'reduced'), ('queried', 'refused'), ('queried', 'open'),
    ('open', 'withdrawn'), ('queried', 'withdrawn'),
    ('approved', 'open'), ('reduced', 'open'), ('refused', 'open')
) BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: this status does not become that one');
END;

-- guard line_keeps_its_place on claims_claimline
CREATE TRIGGER line_keeps_its_place BEFORE UPDATE ON claims_claimline
WHEN (NEW.claim_id, NEW.position) IS NOT (OLD.claim_id, OLD.position) BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: a line keeps its place');
END;

-- guard decided_line_stays on claims_claimline
CREATE TRIGGER decided_line_stays BEFORE UPDATE ON claims_claimline
WHEN OLD.status IN ('approved', 'reduced', 'refused') AND NEW.status <> 'open' AND (
    NEW.id, NEW.handle, NEW.date, NEW.kind, NEW.mode, NEW.quantity, NEW.unit, NEW.spent,
    NEW.spent_currency, NEW.funded_elsewhere, NEW.funded_elsewhere_currency, NEW.exchange_rate,
    NEW.hours_away, NEW.receipt, NEW.cancelled_notice_minutes, NEW.category, NEW.counts_as,
    NEW.rate_id, NEW.estimate, NEW.estimate_reason, NEW.status, NEW.allowed, NEW.reason,
    NEW.decided_by_id, NEW.decided_at, NEW.high_rate_miles
) IS NOT (
    OLD.id, OLD.handle, OLD.date, OLD.kind, OLD.mode, OLD.quantity, OLD.unit, OLD.spent,
    OLD.spent_currency, OLD.funded_elsewhere, OLD.funded_elsewhere_currency, OLD.exchange_rate,
    OLD.hours_away, OLD.receipt, OLD.cancelled_notice_minutes, OLD.category, OLD.counts_as,
    OLD.rate_id, OLD.estimate, OLD.estimate_reason, OLD.status, OLD.allowed, OLD.reason,
    OLD.decided_by_id, OLD.decided_at, OLD.high_rate_miles
) BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: a decided line never changes');
END;

-- guard line_opened_again on claims_claimline
CREATE TRIGGER line_opened_again BEFORE UPDATE ON claims_claimline
WHEN OLD.status IN ('approved', 'reduced', 'refused') AND NEW.status = 'open' AND ((
    NEW.id, NEW.handle, NEW.date, NEW.kind, NEW.mode, NEW.quantity, NEW.unit, NEW.spent,
    NEW.spent_currency, NEW.funded_elsewhere, NEW.funded_elsewhere_currency, NEW.exchange_rate,
    NEW.hours_away, NEW.receipt, NEW.note, NEW.cancelled_notice_minutes, NEW.category, NEW.counts_as,
    NEW.rate_id, NEW.estimate, NEW.estimate_reason
) IS NOT (
    OLD.id, OLD.handle, OLD.date, OLD.kind, OLD.mode, OLD.quantity, OLD.unit, OLD.spent,
    OLD.spent_currency, OLD.funded_elsewhere, OLD.funded_elsewhere_currency, OLD.exchange_rate,
    OLD.hours_away, OLD.receipt, OLD.note, OLD.cancelled_notice_minutes, OLD.category, OLD.counts_as,
    OLD.rate_id, OLD.estimate, OLD.estimate_reason
) OR NEW.reason <> '' OR NEW.allowed IS NOT NULL OR NEW.decided_by_id IS NOT NULL
    OR NEW.decided_at IS NOT NULL OR NEW.high_rate_miles <> 0 OR EXISTS (
    SELECT 1 FROM claims_decision decision
    WHERE decision.line_id = OLD.id AND decision.outcome <> 'ask about' AND NOT EXISTS (
        SELECT 1 FROM claims_undoing undoing WHERE undoing.decision_id = decision.id
    )
)) BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: a decided line is opened again only by undoing its decision');
END;

-- guard line_kept on claims_claimline
CREATE TRIGGER line_kept BEFORE DELETE ON claims_claimline
WHEN EXISTS (SELECT 1 FROM claims_claim WHERE id = OLD.claim_id AND status <> 'draft') BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: a line of a sent claim is never removed');
END;

-- guard share_kept on claims_lineshare
CREATE TRIGGER share_kept BEFORE DELETE ON claims_lineshare
WHEN EXISTS (
    SELECT 1 FROM claims_claimline line JOIN claims_claim claim ON claim.id = line.claim_id
    WHERE line.id = OLD.line_id AND claim.status <> 'draft'
) BEGIN
    SELECT RAISE(ABORT, 'claims_lineshare: what belongs to a sent claim is never removed');
END;

-- guard share_set_once on claims_lineshare
CREATE TRIGGER share_set_once BEFORE UPDATE ON claims_lineshare
WHEN (
    NEW.id, NEW.line_id, NEW.position, NEW.project_id, NEW.weight
) IS NOT (
    OLD.id, OLD.line_id, OLD.position, OLD.project_id, OLD.weight
) OR (OLD.amount, OLD.policy_amount) <> (0, 0) AND NOT (
    (NEW.amount, NEW.policy_amount) = (0, 0)
    AND EXISTS (SELECT 1 FROM claims_claimline WHERE id = OLD.line_id AND status = 'open')
    AND EXISTS (
        SELECT 1 FROM claims_undoneshare undone
        JOIN claims_undoing undoing ON undoing.id = undone.undoing_id
        JOIN claims_decision decision ON decision.id = undoing.decision_id
        WHERE decision.line_id = OLD.line_id AND undone.project_id = OLD.project_id
            AND undone.amount = OLD.amount AND undone.policy_amount = OLD.policy_amount
    )
) BEGIN
    SELECT RAISE(ABORT, 'claims_lineshare: only the amounts are set, once, until a decision is undone');
END;

-- guard answer_kept on claims_feeanswer
CREATE TRIGGER answer_kept BEFORE DELETE ON claims_feeanswer
WHEN EXISTS (
    SELECT 1 FROM claims_claimline line JOIN claims_claim claim ON claim.id = line.claim_id
    WHERE line.id = OLD.line_id AND claim.status <> 'draft'
) BEGIN
    SELECT RAISE(ABORT, 'claims_feeanswer: what belongs to a sent claim is never removed');
END;

-- guard answer_unchanged on claims_feeanswer
CREATE TRIGGER answer_unchanged BEFORE UPDATE ON claims_feeanswer BEGIN
    SELECT RAISE(ABORT, 'claims_feeanswer: rows are never changed or removed');
END;

-- guard decision_entry_set_once on claims_decision
CREATE TRIGGER decision_entry_set_once BEFORE UPDATE ON claims_decision
WHEN OLD.entry_id IS NOT NULL OR (
    NEW.id, NEW.line_id, NEW.number, NEW.round, NEW.outcome, NEW.reason, NEW.over_budget_reason, NEW.hours,
    NEW.contributor_id, NEW.entered_by_id, NEW.decided_by_id, NEW.decided_at
) IS NOT (
    OLD.id, OLD.line_id, OLD.number, OLD.round, OLD.outcome, OLD.reason, OLD.over_budget_reason, OLD.hours,
    OLD.contributor_id, OLD.entered_by_id, OLD.decided_by_id, OLD.decided_at
) BEGIN
    SELECT RAISE(ABORT, 'claims_decision: only the entry is set, once');
END;

-- guard decision_kept on claims_decision
CREATE TRIGGER decision_kept BEFORE DELETE ON claims_decision BEGIN
    SELECT RAISE(ABORT, 'claims_decision: rows are never changed or removed');
END;

-- guard decision_names_the_claim on claims_decision
CREATE TRIGGER decision_names_the_claim BEFORE INSERT ON claims_decision
WHEN NEW.decided_by_id IN (NEW.contributor_id, NEW.entered_by_id) OR NOT EXISTS (
    SELECT 1 FROM claims_claimline line JOIN claims_claim claim ON claim.id = line.claim_id
    WHERE line.id = NEW.line_id AND claim.contributor_id = NEW.contributor_id
        AND claim.entered_by_id = NEW.entered_by_id
) BEGIN
    SELECT RAISE(ABORT, 'claims_decision: nobody decides what is theirs or what they typed');
END;

-- guard policy_unchanged on claims_ratepolicy
CREATE TRIGGER policy_unchanged BEFORE UPDATE ON claims_ratepolicy
WHEN OLD.confirmed_at IS NOT NULL OR (
    NEW.id, NEW.organisation_id, NEW.version, NEW.name, NEW.currency, NEW.late_cancellation_hours,
    NEW.late_cancellation_share, NEW.content_hash, NEW.imported_by_id, NEW.imported_at
) IS NOT (
    OLD.id, OLD.organisation_id, OLD.version, OLD.name, OLD.currency, OLD.late_cancellation_hours,
    OLD.late_cancellation_share, OLD.content_hash, OLD.imported_by_id, OLD.imported_at
) BEGIN
    SELECT RAISE(ABORT, 'claims_ratepolicy: a policy is only confirmed, once');
END;

-- guard policy_kept on claims_ratepolicy
CREATE TRIGGER policy_kept BEFORE DELETE ON claims_ratepolicy BEGIN
    SELECT RAISE(ABORT, 'claims_ratepolicy: rows are never changed or removed');
END;

-- guard rate_unchanged on claims_rate
CREATE TRIGGER rate_unchanged BEFORE UPDATE ON claims_rate BEGIN
    SELECT RAISE(ABORT, 'claims_rate: rows are never changed or removed');
END;

-- guard rate_kept on claims_rate
CREATE TRIGGER rate_kept BEFORE DELETE ON claims_rate BEGIN
    SELECT RAISE(ABORT, 'claims_rate: rows are never changed or removed');
END;

-- guard offer_answered on claims_offer
CREATE TRIGGER offer_answered BEFORE UPDATE ON claims_offer
WHEN (NEW.answer = 'unanswered' AND OLD.answer <> 'unanswered') OR (
    NEW.id, NEW.activity_id, NEW.contributor_id, NEW.amount, NEW.made_at
) IS NOT (
    OLD.id, OLD.activity_id, OLD.contributor_id, OLD.amount, OLD.made_at
) BEGIN
    SELECT RAISE(ABORT, 'claims_offer: an offer is only answered');
END;

-- guard offer_kept on claims_offer
CREATE TRIGGER offer_kept BEFORE DELETE ON claims_offer BEGIN
    SELECT RAISE(ABORT, 'claims_offer: rows are never changed or removed');
END;

-- guard claim_not_replaced on claims_claim
CREATE TRIGGER claim_not_replaced BEFORE INSERT ON claims_claim
WHEN EXISTS (
    SELECT 1 FROM claims_claim WHERE id = NEW.id OR reference = NEW.reference
) BEGIN
    SELECT RAISE(ABORT, 'claims_claim: rows are never replaced');
END;

-- guard line_not_replaced on claims_claimline
CREATE TRIGGER line_not_replaced BEFORE INSERT ON claims_claimline
WHEN EXISTS (
    SELECT 1 FROM claims_claimline WHERE id = NEW.id OR (claim_id = NEW.claim_id AND position = NEW.position)
) BEGIN
    SELECT RAISE(ABORT, 'claims_claimline: rows are never replaced');
END;

-- guard share_not_replaced on claims_lineshare
CREATE TRIGGER share_not_replaced BEFORE INSERT ON claims_lineshare
WHEN EXISTS (
    SELECT 1 FROM claims_lineshare WHERE id = NEW.id OR (line_id = NEW.line_id AND project_id = NEW.project_id)
) BEGIN
    SELECT RAISE(ABORT, 'claims_lineshare: rows are never replaced');
END;

-- guard answer_not_replaced on claims_feeanswer
CREATE TRIGGER answer_not_replaced BEFORE INSERT ON claims_feeanswer
WHEN EXISTS (
    SELECT 1 FROM claims_feeanswer WHERE line_id = NEW.line_id
) BEGIN
    SELECT RAISE(ABORT, 'claims_feeanswer: rows are never replaced');
END;

-- guard decision_not_replaced on claims_decision
CREATE TRIGGER decision_not_replaced BEFORE INSERT ON claims_decision
WHEN EXISTS (
    SELECT 1 FROM claims_decision WHERE id = NEW.id OR (line_id = NEW.line_id AND number = NEW.number)
) BEGIN
    SELECT RAISE(ABORT, 'claims_decision: rows are never replaced');
END;

-- guard policy_not_replaced on claims_ratepolicy
CREATE TRIGGER policy_not_replaced BEFORE INSERT ON claims_ratepolicy
WHEN EXISTS (
    SELECT 1 FROM claims_ratepolicy WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND version = NEW.version)
) BEGIN
    SELECT RAISE(ABORT, 'claims_ratepolicy: rows are never replaced');
END;

-- guard rate_not_replaced on claims_rate
CREATE TRIGGER rate_not_replaced BEFORE INSERT ON claims_rate
WHEN EXISTS (
    SELECT 1 FROM claims_rate WHERE id = NEW.id OR (policy_id = NEW.policy_id AND position = NEW.position)
) BEGIN
    SELECT RAISE(ABORT, 'claims_rate: rows are never replaced');
END;

-- guard offer_not_replaced on claims_offer
CREATE TRIGGER offer_not_replaced BEFORE INSERT ON claims_offer
WHEN EXISTS (
    SELECT 1 FROM claims_offer WHERE id = NEW.id OR (activity_id = NEW.activity_id AND contributor_id = NEW.contributor_id)
) BEGIN
    SELECT RAISE(ABORT, 'claims_offer: rows are never replaced');
END;

-- guard decision_in_its_round on claims_decision
CREATE TRIGGER decision_in_its_round BEFORE INSERT ON claims_decision
WHEN NEW.round <> (
    SELECT COUNT(*) FROM claims_undoing undoing
    JOIN claims_decision decision ON decision.id = undoing.decision_id
    WHERE decision.line_id = NEW.line_id
) BEGIN
    SELECT RAISE(ABORT, 'claims_decision: a line is decided again only after its decision was undone');
END;

-- guard undoing_fits on claims_undoing
CREATE TRIGGER undoing_fits BEFORE INSERT ON claims_undoing
WHEN NEW.undone_by_id IN (NEW.contributor_id, NEW.entered_by_id) OR NOT EXISTS (
    SELECT 1 FROM claims_decision decision
    JOIN claims_claimline line ON line.id = decision.line_id
    WHERE decision.id = NEW.decision_id AND decision.outcome <> 'ask about'
        AND line.status IN ('approved', 'reduced', 'refused')
        AND decision.contributor_id = NEW.contributor_id AND decision.entered_by_id = NEW.entered_by_id
        AND (decision.entry_id IS NULL AND NEW.entry_id IS NULL OR EXISTS (
            SELECT 1 FROM ledger_journalentry entry
            WHERE entry.id = NEW.entry_id AND entry.reverses_id = decision.entry_id
        ))
) BEGIN
    SELECT RAISE(ABORT, 'claims_undoing: of a standing decision, by somebody else, with what it posted reversed');
END;

-- guard undoing_unchanged on claims_undoing
CREATE TRIGGER undoing_unchanged BEFORE UPDATE ON claims_undoing BEGIN
    SELECT RAISE(ABORT, 'claims_undoing: rows are never changed or removed');
END;

-- guard undoing_kept on claims_undoing
CREATE TRIGGER undoing_kept BEFORE DELETE ON claims_undoing BEGIN
    SELECT RAISE(ABORT, 'claims_undoing: rows are never changed or removed');
END;

-- guard undoing_not_replaced on claims_undoing
CREATE TRIGGER undoing_not_replaced BEFORE INSERT ON claims_undoing
WHEN EXISTS (
    SELECT 1 FROM claims_undoing WHERE id = NEW.id OR decision_id = NEW.decision_id
) BEGIN
    SELECT RAISE(ABORT, 'claims_undoing: rows are never replaced');
END;

-- guard undone_share_fits on claims_undoneshare
CREATE TRIGGER undone_share_fits BEFORE INSERT ON claims_undoneshare
WHEN NOT EXISTS (
    SELECT 1 FROM claims_undoing undoing
    JOIN claims_decision decision ON decision.id = undoing.decision_id
    JOIN claims_lineshare share ON share.line_id = decision.line_id
    WHERE undoing.id = NEW.undoing_id AND share.project_id = NEW.project_id
        AND share.amount = NEW.amount AND share.policy_amount = NEW.policy_amount
) BEGIN
    SELECT RAISE(ABORT, 'claims_undoneshare: keeps what the share of the line was');
END;

-- guard undone_share_unchanged on claims_undoneshare
CREATE TRIGGER undone_share_unchanged BEFORE UPDATE ON claims_undoneshare BEGIN
    SELECT RAISE(ABORT, 'claims_undoneshare: rows are never changed or removed');
END;

-- guard undone_share_kept on claims_undoneshare
CREATE TRIGGER undone_share_kept BEFORE DELETE ON claims_undoneshare BEGIN
    SELECT RAISE(ABORT, 'claims_undoneshare: rows are never changed or removed');
END;

-- guard undone_share_not_replaced on claims_undoneshare
CREATE TRIGGER undone_share_not_replaced BEFORE INSERT ON claims_undoneshare
WHEN EXISTS (
    SELECT 1 FROM claims_undoneshare WHERE id = NEW.id
        OR (undoing_id = NEW.undoing_id AND project_id = NEW.project_id)
) BEGIN
    SELECT RAISE(ABORT, 'claims_undoneshare: rows are never replaced');
END;

-- guard usual_answer_kept on claims_usualanswer
CREATE TRIGGER usual_answer_kept BEFORE DELETE ON claims_usualanswer BEGIN
    SELECT RAISE(ABORT, 'claims_usualanswer: rows are never changed or removed');
END;

-- guard usual_answer_unchanged on claims_usualanswer
CREATE TRIGGER usual_answer_unchanged BEFORE UPDATE ON claims_usualanswer BEGIN
    SELECT RAISE(ABORT, 'claims_usualanswer: rows are never changed or removed');
END;

-- guard usual_answer_not_replaced on claims_usualanswer
CREATE TRIGGER usual_answer_not_replaced BEFORE INSERT ON claims_usualanswer
WHEN EXISTS (
    SELECT 1 FROM claims_usualanswer WHERE id = NEW.id OR (person_id = NEW.person_id AND said_at = NEW.said_at)
) BEGIN
    SELECT RAISE(ABORT, 'claims_usualanswer: rows are never replaced');
END;

-- guard instruction_kept on claims_instruction
CREATE TRIGGER instruction_kept BEFORE DELETE ON claims_instruction BEGIN
    SELECT RAISE(ABORT, 'claims_instruction: rows are never changed or removed');
END;

-- guard instruction_unchanged on claims_instruction
CREATE TRIGGER instruction_unchanged BEFORE UPDATE ON claims_instruction BEGIN
    SELECT RAISE(ABORT, 'claims_instruction: rows are never changed or removed');
END;

-- guard instruction_not_replaced on claims_instruction
CREATE TRIGGER instruction_not_replaced BEFORE INSERT ON claims_instruction
WHEN EXISTS (
    SELECT 1 FROM claims_instruction WHERE id = NEW.id
    OR person_id = NEW.person_id AND organisation_id = NEW.organisation_id
        AND counts_as = NEW.counts_as AND said_at = NEW.said_at
) BEGIN
    SELECT RAISE(ABORT, 'claims_instruction: rows are never replaced');
END;

-- guard money_is_given_away_before on claims_instruction
CREATE TRIGGER money_is_given_away_before BEFORE INSERT ON claims_instruction
WHEN NEW.way IN ('donation', 'learning', 'group') AND EXISTS (
    SELECT 1 FROM claims_activity WHERE id = NEW.activity_id AND starts_at <= NEW.said_at
) BEGIN
    SELECT RAISE(ABORT, 'claims_instruction: money is given away before the activity, never after it');
END;
