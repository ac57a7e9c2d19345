-- The books are append-only, whole and of one organisation each. Triggers are written as
-- pg_get_triggerdef prints them, so that start-up can compare them word for word.

-- guard entry_stays on ledger_journalentry
CREATE TRIGGER entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard transfer_stays on ledger_transfer
CREATE TRIGGER transfer_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function entries_are_timely
-- The month's row is locked against a close that has not committed yet; a close that has, is seen.
CREATE OR REPLACE FUNCTION entries_are_timely() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place record;
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh WHERE month <> extract(year FROM date) * 100 + extract(month FROM date)
    ) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'the month of an entry is that of its date';
    END IF;
    FOR place IN SELECT DISTINCT organisation_id, month FROM fresh LOOP
        PERFORM 1 FROM ledger_period
        WHERE organisation_id = place.organisation_id AND month = place.month AND NOT closed
        FOR SHARE;
        IF NOT FOUND THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'this month is closed';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- guard entry_is_timely on ledger_journalentry
CREATE TRIGGER entry_is_timely AFTER INSERT ON ledger_journalentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION entries_are_timely();

-- function transfers_are_whole
-- Only look-ups by key, no joins: a plan made for a batch must not be slow for a single posting.
CREATE OR REPLACE FUNCTION transfers_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM (
            SELECT entry_id, max(position) AS top, min(month) AS first, max(month) AS last
            FROM fresh GROUP BY entry_id
        ) AS part
        WHERE part.first <> part.last
            OR part.top > coalesce((
                SELECT size FROM ledger_journalentry WHERE id = part.entry_id AND month = part.first
            ), 0)
            OR part.top <> (
                SELECT count(*) FROM ledger_transfer
                WHERE id BETWEEN part.entry_id * 100000 AND part.entry_id * 100000 + 99999
            )
    ) THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'a transfer is late, beyond its entry, after a gap or of another month';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM (
            SELECT debit_id AS account_id, entry_id / 100000000 AS organisation_id FROM fresh
            UNION
            SELECT credit_id, entry_id / 100000000 FROM fresh
        ) AS used
        WHERE used.organisation_id
            IS DISTINCT FROM (SELECT organisation_id FROM ledger_account WHERE id = used.account_id)
    ) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a transfer uses an account of others';
    END IF;
    RETURN NULL;
END $$;

-- guard transfer_is_whole on ledger_transfer
CREATE TRIGGER transfer_is_whole AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION transfers_are_whole();

-- function account_currency_agrees
CREATE OR REPLACE FUNCTION account_currency_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM people_organisation
    WHERE id = NEW.organisation_id AND currency = NEW.currency FOR SHARE;
    IF NOT FOUND THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'all accounts of an organisation are in its currency';
    END IF;
    RETURN NEW;
END $$;

-- guard account_in_one_currency on ledger_account
CREATE TRIGGER account_in_one_currency BEFORE INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION account_currency_agrees();

-- guard account_stays on ledger_account
CREATE TRIGGER account_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function currency_in_use_stays
CREATE OR REPLACE FUNCTION currency_in_use_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency <> OLD.currency
        AND EXISTS (SELECT 1 FROM ledger_account WHERE organisation_id = OLD.id)
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'the currency of books that have accounts never changes';
    END IF;
    RETURN NEW;
END $$;

-- guard organisation_keeps_currency on people_organisation
CREATE TRIGGER organisation_keeps_currency BEFORE UPDATE ON people_organisation
    FOR EACH ROW EXECUTE FUNCTION currency_in_use_stays();

-- function period_only_opens_and_closes
CREATE OR REPLACE FUNCTION period_only_opens_and_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.closed THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a month starts open';
        END IF;
    ELSIF (NEW.id, NEW.organisation_id, NEW.month) <> (OLD.id, OLD.organisation_id, OLD.month) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a month only opens and closes';
    END IF;
    RETURN NEW;
END $$;

-- guard period_only_opens on ledger_period
CREATE TRIGGER period_only_opens BEFORE INSERT OR UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION period_only_opens_and_closes();

-- guard period_stays on ledger_period
CREATE TRIGGER period_stays BEFORE DELETE OR TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function counter_only_rises
CREATE OR REPLACE FUNCTION counter_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.value <> 0 THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a counter starts at nothing';
        END IF;
    ELSIF NEW.value < OLD.value
        OR (NEW.id, NEW.organisation_id, NEW.name) <> (OLD.id, OLD.organisation_id, OLD.name)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a counter only rises';
    END IF;
    RETURN NEW;
END $$;

-- guard counter_rises on ledger_counter
CREATE TRIGGER counter_rises BEFORE INSERT OR UPDATE ON ledger_counter
    FOR EACH ROW EXECUTE FUNCTION counter_only_rises();

-- guard counter_stays on ledger_counter
CREATE TRIGGER counter_stays BEFORE DELETE OR TRUNCATE ON ledger_counter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function commitment_only_closes
CREATE OR REPLACE FUNCTION commitment_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
        OR to_jsonb(NEW) - 'closed_at' <> to_jsonb(OLD) - 'closed_at'
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a commitment only closes, once';
    END IF;
    RETURN NEW;
END $$;

-- guard commitment_closes on ledger_commitment
CREATE TRIGGER commitment_closes BEFORE UPDATE ON ledger_commitment
    FOR EACH ROW EXECUTE FUNCTION commitment_only_closes();

-- guard commitment_stays on ledger_commitment
CREATE TRIGGER commitment_stays BEFORE DELETE OR TRUNCATE ON ledger_commitment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function budget_only_moves_on
CREATE OR REPLACE FUNCTION budget_only_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'proposed' THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a budget starts as a proposal';
        END IF;
    ELSIF (OLD.status, NEW.status) NOT IN (
        ('proposed', 'proposed'), ('proposed', 'agreed'), ('agreed', 'replaced')
    ) OR (NEW.id, NEW.project_id, NEW.version, NEW.proposed_by_id)
        <> (OLD.id, OLD.project_id, OLD.version, OLD.proposed_by_id)
      OR (OLD.status <> 'proposed' AND (NEW.agreed_by_id, NEW.agreed_at)
        IS DISTINCT FROM (OLD.agreed_by_id, OLD.agreed_at))
    THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'a budget is proposed, then agreed, then replaced';
    END IF;
    RETURN NEW;
END $$;

-- guard budget_moves_on on ledger_budget
CREATE TRIGGER budget_moves_on BEFORE INSERT OR UPDATE ON ledger_budget
    FOR EACH ROW EXECUTE FUNCTION budget_only_moves_on();

-- guard budget_stays on ledger_budget
CREATE TRIGGER budget_stays BEFORE DELETE OR TRUNCATE ON ledger_budget
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function agreed_lines_are_frozen
-- The budget's row is locked, so that it cannot be agreed while a line of it changes.
CREATE OR REPLACE FUNCTION agreed_lines_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    FOR state IN
        SELECT status FROM ledger_budget
        WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.budget_id ELSE OLD.budget_id END
            OR id = CASE TG_OP WHEN 'DELETE' THEN OLD.budget_id ELSE NEW.budget_id END
        FOR SHARE
    LOOP
        IF state <> 'proposed' THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'an agreed budget is frozen';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- guard budget_line_frozen on ledger_budgetline
CREATE TRIGGER budget_line_frozen BEFORE INSERT OR DELETE OR UPDATE ON ledger_budgetline
    FOR EACH ROW EXECUTE FUNCTION agreed_lines_are_frozen();

-- guard budget_line_stays on ledger_budgetline
CREATE TRIGGER budget_line_stays BEFORE TRUNCATE ON ledger_budgetline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
