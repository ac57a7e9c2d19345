-- What must never happen to claims, whoever asks. The pairs of statuses are those of claims/workflow.py
-- (a test compares them). Triggers are written as pg_get_triggerdef prints them, so that start-up can
-- compare them word for word; refuse_change() is the trail's.

-- function claim_moves
CREATE OR REPLACE FUNCTION claim_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'submitted'), ('draft', 'withdrawn'), ('submitted', 'withdrawn'), ('submitted', 'decided'),
        ('decided', 'submitted')
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = format('claims_claim: %s does not become %s', OLD.status, NEW.status);
    END IF;
    IF OLD.status = 'decided' AND NEW.status = 'submitted' AND NOT EXISTS (
        SELECT 1 FROM claims_claimline WHERE claim_id = OLD.id AND status = 'open'
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_claim: opened again only with a line that was opened again';
    END IF;
    IF (NEW.organisation_id, NEW.project_id, NEW.contributor_id, NEW.entered_by_id, NEW.policy_id,
        NEW.currency, NEW.handle, NEW.activity_id) IS DISTINCT FROM
       (OLD.organisation_id, OLD.project_id, OLD.contributor_id, OLD.entered_by_id, OLD.policy_id,
        OLD.currency, OLD.handle, OLD.activity_id)
        OR (OLD.status <> 'draft' AND NEW.reference <> OLD.reference)
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_claim: whose it is, who typed it and how it is priced never change';
    END IF;
    RETURN NEW;
END $$;

-- guard claim_moves on claims_claim
CREATE TRIGGER claim_moves BEFORE UPDATE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claim_moves();

-- function claim_kept
CREATE OR REPLACE FUNCTION claim_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'claims_claim: a sent claim is never removed';
    END IF;
    RETURN OLD;
END $$;

-- guard claim_kept on claims_claim
CREATE TRIGGER claim_kept BEFORE DELETE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claim_kept();

-- guard claims_not_emptied on claims_claim
CREATE TRIGGER claims_not_emptied BEFORE TRUNCATE ON claims_claim
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function line_moves
CREATE OR REPLACE FUNCTION line_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('open', 'approved'), ('open', 'reduced'), ('open', 'refused'), ('open', 'queried'),
        ('queried', 'approved'), ('queried', 'reduced'), ('queried', 'refused'), ('queried', 'open'),
        ('open', 'withdrawn'), ('queried', 'withdrawn'),
        ('approved', 'open'), ('reduced', 'open'), ('refused', 'open')
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = format('claims_claimline: %s does not become %s', OLD.status, NEW.status);
    END IF;
    IF NEW.claim_id <> OLD.claim_id OR NEW.position <> OLD.position THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'claims_claimline: a line keeps its place';
    END IF;
    IF OLD.status IN ('approved', 'reduced', 'refused') AND NEW.status <> 'open'
        AND to_jsonb(NEW) - 'note' IS DISTINCT FROM to_jsonb(OLD) - 'note'
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_claimline: a decided line never changes';
    END IF;
    IF OLD.status IN ('approved', 'reduced', 'refused') AND NEW.status = 'open' AND (
        to_jsonb(NEW) - '{status,reason,allowed,decided_by_id,decided_at,high_rate_miles}'::text[]
            IS DISTINCT FROM
            to_jsonb(OLD) - '{status,reason,allowed,decided_by_id,decided_at,high_rate_miles}'::text[]
        OR NEW.reason <> '' OR NEW.allowed IS NOT NULL OR NEW.decided_by_id IS NOT NULL
        OR NEW.decided_at IS NOT NULL OR NEW.high_rate_miles <> 0
        OR EXISTS (
            SELECT 1 FROM claims_decision decision
            WHERE decision.line_id = OLD.id AND decision.outcome <> 'ask about' AND NOT EXISTS (
                SELECT 1 FROM claims_undoing undoing WHERE undoing.decision_id = decision.id
            )
        )
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_claimline: a decided line is opened again only by undoing its decision';
    END IF;
    RETURN NEW;
END $$;

-- guard line_moves on claims_claimline
CREATE TRIGGER line_moves BEFORE UPDATE ON claims_claimline
    FOR EACH ROW EXECUTE FUNCTION line_moves();

-- function line_kept
CREATE OR REPLACE FUNCTION line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_claim WHERE id = OLD.claim_id AND status <> 'draft') THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_claimline: a line of a sent claim is never removed';
    END IF;
    RETURN OLD;
END $$;

-- guard line_kept on claims_claimline
CREATE TRIGGER line_kept BEFORE DELETE ON claims_claimline
    FOR EACH ROW EXECUTE FUNCTION line_kept();

-- guard lines_not_emptied on claims_claimline
CREATE TRIGGER lines_not_emptied BEFORE TRUNCATE ON claims_claimline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function part_of_line_kept
CREATE OR REPLACE FUNCTION part_of_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM claims_claimline line JOIN claims_claim claim ON claim.id = line.claim_id
        WHERE line.id = OLD.line_id AND claim.status <> 'draft'
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = format('%s: what belongs to a sent claim is never removed', TG_TABLE_NAME);
    END IF;
    RETURN OLD;
END $$;

-- guard share_kept on claims_lineshare
CREATE TRIGGER share_kept BEFORE DELETE ON claims_lineshare
    FOR EACH ROW EXECUTE FUNCTION part_of_line_kept();

-- function share_set_once
CREATE OR REPLACE FUNCTION share_set_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'amount' - 'policy_amount' IS DISTINCT FROM to_jsonb(OLD) - 'amount' - 'policy_amount'
        OR (OLD.amount, OLD.policy_amount) <> (0, 0) AND NOT (
            (NEW.amount, NEW.policy_amount) = (0, 0)
            AND EXISTS (SELECT 1 FROM claims_claimline WHERE id = OLD.line_id AND status = 'open')
            AND EXISTS (
                SELECT 1 FROM claims_undoneshare undone
                JOIN claims_undoing undoing ON undoing.id = undone.undoing_id
                JOIN claims_decision decision ON decision.id = undoing.decision_id
                WHERE decision.line_id = OLD.line_id AND undone.project_id = OLD.project_id
                    AND undone.amount = OLD.amount AND undone.policy_amount = OLD.policy_amount
            )
        )
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_lineshare: only the amounts are set, once, until a decision is undone';
    END IF;
    RETURN NEW;
END $$;

-- guard share_set_once on claims_lineshare
CREATE TRIGGER share_set_once BEFORE UPDATE ON claims_lineshare
    FOR EACH ROW EXECUTE FUNCTION share_set_once();

-- guard shares_not_emptied on claims_lineshare
CREATE TRIGGER shares_not_emptied BEFORE TRUNCATE ON claims_lineshare
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard answer_kept on claims_feeanswer
CREATE TRIGGER answer_kept BEFORE DELETE ON claims_feeanswer
    FOR EACH ROW EXECUTE FUNCTION part_of_line_kept();

-- guard answer_stays on claims_feeanswer
CREATE TRIGGER answer_stays BEFORE UPDATE OR TRUNCATE ON claims_feeanswer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function decision_entry_set_once
CREATE OR REPLACE FUNCTION decision_entry_set_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.entry_id IS NOT NULL OR to_jsonb(NEW) - 'entry_id' IS DISTINCT FROM to_jsonb(OLD) - 'entry_id' THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_decision: only the entry is set, once';
    END IF;
    RETURN NEW;
END $$;

-- guard decision_entry_set_once on claims_decision
CREATE TRIGGER decision_entry_set_once BEFORE UPDATE ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION decision_entry_set_once();

-- guard decision_stays on claims_decision
CREATE TRIGGER decision_stays BEFORE DELETE OR TRUNCATE ON claims_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function decision_names_the_claim
CREATE OR REPLACE FUNCTION decision_names_the_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM claims_claimline line JOIN claims_claim claim ON claim.id = line.claim_id
        WHERE line.id = NEW.line_id AND claim.contributor_id = NEW.contributor_id
            AND claim.entered_by_id = NEW.entered_by_id
    ) OR NEW.decided_by_id IN (NEW.contributor_id, NEW.entered_by_id) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_decision: nobody decides what is theirs or what they typed';
    END IF;
    RETURN NEW;
END $$;

-- guard decision_names_the_claim on claims_decision
CREATE TRIGGER decision_names_the_claim BEFORE INSERT ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION decision_names_the_claim();

-- function policy_confirmed_once
CREATE OR REPLACE FUNCTION policy_confirmed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL OR to_jsonb(NEW) - '{confirmed_by_id,confirmed_at}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{confirmed_by_id,confirmed_at}'::text[]
    THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_ratepolicy: a policy is only confirmed, once';
    END IF;
    RETURN NEW;
END $$;

-- guard policy_stays on claims_ratepolicy
CREATE TRIGGER policy_stays BEFORE UPDATE ON claims_ratepolicy
    FOR EACH ROW EXECUTE FUNCTION policy_confirmed_once();

-- guard policy_kept on claims_ratepolicy
CREATE TRIGGER policy_kept BEFORE DELETE OR TRUNCATE ON claims_ratepolicy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard rate_stays on claims_rate
CREATE TRIGGER rate_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON claims_rate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function offer_answered
CREATE OR REPLACE FUNCTION offer_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.activity_id, NEW.contributor_id, NEW.amount, NEW.made_at)
        IS DISTINCT FROM (OLD.activity_id, OLD.contributor_id, OLD.amount, OLD.made_at)
        OR (NEW.answer = 'unanswered' AND OLD.answer <> 'unanswered')
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'claims_offer: an offer is only answered';
    END IF;
    RETURN NEW;
END $$;

-- guard offer_answered on claims_offer
CREATE TRIGGER offer_answered BEFORE UPDATE ON claims_offer
    FOR EACH ROW EXECUTE FUNCTION offer_answered();

-- guard offer_stays on claims_offer
CREATE TRIGGER offer_stays BEFORE DELETE OR TRUNCATE ON claims_offer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function decision_in_its_round
CREATE OR REPLACE FUNCTION decision_in_its_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.round <> (
        SELECT COUNT(*) FROM claims_undoing undoing
        JOIN claims_decision decision ON decision.id = undoing.decision_id
        WHERE decision.line_id = NEW.line_id
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_decision: a line is decided again only after its decision was undone';
    END IF;
    RETURN NEW;
END $$;

-- guard decision_in_its_round on claims_decision
CREATE TRIGGER decision_in_its_round BEFORE INSERT ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION decision_in_its_round();

-- function undoing_fits
CREATE OR REPLACE FUNCTION undoing_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.undone_by_id IN (NEW.contributor_id, NEW.entered_by_id) OR NOT EXISTS (
        SELECT 1 FROM claims_decision decision
        JOIN claims_claimline line ON line.id = decision.line_id
        WHERE decision.id = NEW.decision_id AND decision.outcome <> 'ask about'
            AND line.status IN ('approved', 'reduced', 'refused')
            AND decision.contributor_id = NEW.contributor_id AND decision.entered_by_id = NEW.entered_by_id
            AND (decision.entry_id IS NULL AND NEW.entry_id IS NULL OR EXISTS (
                SELECT 1 FROM ledger_journalentry entry
                WHERE entry.id = NEW.entry_id AND entry.reverses_id = decision.entry_id
            ))
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_undoing: of a standing decision, by somebody else, with what it posted reversed';
    END IF;
    RETURN NEW;
END $$;

-- guard undoing_fits on claims_undoing
CREATE TRIGGER undoing_fits BEFORE INSERT ON claims_undoing
    FOR EACH ROW EXECUTE FUNCTION undoing_fits();

-- guard undoing_stays on claims_undoing
CREATE TRIGGER undoing_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON claims_undoing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function undone_share_fits
CREATE OR REPLACE FUNCTION undone_share_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM claims_undoing undoing
        JOIN claims_decision decision ON decision.id = undoing.decision_id
        JOIN claims_lineshare share ON share.line_id = decision.line_id
        WHERE undoing.id = NEW.undoing_id AND share.project_id = NEW.project_id
            AND share.amount = NEW.amount AND share.policy_amount = NEW.policy_amount
    ) THEN
        RAISE integrity_constraint_violation USING
            MESSAGE = 'claims_undoneshare: keeps what the line''s share was';
    END IF;
    RETURN NEW;
END $$;

-- guard undone_share_fits on claims_undoneshare
CREATE TRIGGER undone_share_fits BEFORE INSERT ON claims_undoneshare
    FOR EACH ROW EXECUTE FUNCTION undone_share_fits();

-- guard undone_share_stays on claims_undoneshare
CREATE TRIGGER undone_share_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON claims_undoneshare
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard usual_answer_stays on claims_usualanswer
CREATE TRIGGER usual_answer_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON claims_usualanswer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard instruction_stays on claims_instruction
CREATE TRIGGER instruction_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON claims_instruction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function instruction_begins
CREATE OR REPLACE FUNCTION instruction_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.way IN ('donation', 'learning', 'group') AND EXISTS (
        SELECT 1 FROM claims_activity WHERE id = NEW.activity_id AND starts_at <= NEW.said_at
    )
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'claims_instruction: money is given away before the activity, never after it';
    END IF;
    RETURN NEW;
END $$;

-- guard money_is_given_away_before on claims_instruction
CREATE TRIGGER money_is_given_away_before BEFORE INSERT ON claims_instruction
    FOR EACH ROW EXECUTE FUNCTION instruction_begins();
