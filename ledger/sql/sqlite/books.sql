-- The books are append-only, whole and of one organisation each. Entries and transfers have one insert
-- guard each, because a batch pays for every trigger on every row. The "not_replaced" guards are for
-- connections without recursive_triggers, where INSERT OR REPLACE removes rows behind the back of
-- delete triggers.

-- guard entry_unchanged on ledger_journalentry
CREATE TRIGGER entry_unchanged BEFORE UPDATE ON ledger_journalentry BEGIN
    SELECT RAISE(ABORT, 'ledger_journalentry: rows are never changed or removed');
END;

-- guard entry_kept on ledger_journalentry
CREATE TRIGGER entry_kept BEFORE DELETE ON ledger_journalentry BEGIN
    SELECT RAISE(ABORT, 'ledger_journalentry: rows are never changed or removed');
END;

-- guard entry_is_new_and_timely on ledger_journalentry
CREATE TRIGGER entry_is_new_and_timely BEFORE INSERT ON ledger_journalentry BEGIN
    SELECT RAISE(ABORT, 'this month is closed') WHERE NOT EXISTS (
        SELECT 1 FROM ledger_period
        WHERE organisation_id = NEW.organisation_id AND month = NEW.month AND NOT closed
    );
    SELECT RAISE(ABORT, 'the month of an entry is that of its date')
    WHERE NEW.month IS NOT CAST(substr(NEW.date, 1, 4) || substr(NEW.date, 6, 2) AS INTEGER);
    SELECT RAISE(ABORT, 'one_entry_per_source: rows are never replaced')
    FROM ledger_journalentry WHERE organisation_id = NEW.organisation_id AND source = NEW.source;
    SELECT RAISE(ABORT, 'ledger_journalentry: rows are never replaced')
    FROM ledger_journalentry WHERE id = NEW.id OR reverses_id = NEW.reverses_id;
END;

-- guard transfer_unchanged on ledger_transfer
CREATE TRIGGER transfer_unchanged BEFORE UPDATE ON ledger_transfer BEGIN
    SELECT RAISE(ABORT, 'ledger_transfer: rows are never changed or removed');
END;

-- guard transfer_kept on ledger_transfer
CREATE TRIGGER transfer_kept BEFORE DELETE ON ledger_transfer BEGIN
    SELECT RAISE(ABORT, 'ledger_transfer: rows are never changed or removed');
END;

-- guard transfer_is_new_and_whole on ledger_transfer
CREATE TRIGGER transfer_is_new_and_whole BEFORE INSERT ON ledger_transfer BEGIN
    SELECT RAISE(ABORT, 'ledger_transfer: rows are never replaced')
    FROM ledger_transfer WHERE id = NEW.id;
    SELECT RAISE(ABORT, 'an amount is a whole number of minor units') WHERE typeof(NEW.amount) <> 'integer';
    SELECT RAISE(ABORT, 'a transfer is late, beyond its entry, after a gap or of another month')
    WHERE NOT EXISTS (
            SELECT 1 FROM ledger_journalentry
            WHERE id = NEW.entry_id AND month = NEW.month AND size >= NEW.position
        )
        OR (NEW.position > 1 AND NOT EXISTS (SELECT 1 FROM ledger_transfer WHERE id = NEW.id - 1));
    SELECT RAISE(ABORT, 'a transfer uses an account of others')
    WHERE (SELECT organisation_id FROM ledger_account WHERE id = NEW.debit_id)
            IS NOT NEW.entry_id / 100000000
        OR (SELECT organisation_id FROM ledger_account WHERE id = NEW.credit_id)
            IS NOT NEW.entry_id / 100000000;
END;

-- guard account_in_one_currency on ledger_account
CREATE TRIGGER account_in_one_currency BEFORE INSERT ON ledger_account
WHEN NEW.currency IS NOT (SELECT currency FROM people_organisation WHERE id = NEW.organisation_id) BEGIN
    SELECT RAISE(ABORT, 'all accounts of an organisation are in its currency');
END;

-- guard account_not_replaced on ledger_account
CREATE TRIGGER account_not_replaced BEFORE INSERT ON ledger_account
WHEN EXISTS (
    SELECT 1 FROM ledger_account
    WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND code = NEW.code)
) BEGIN
    SELECT RAISE(ABORT, 'ledger_account: rows are never replaced');
END;

-- guard account_unchanged on ledger_account
CREATE TRIGGER account_unchanged BEFORE UPDATE ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger_account: rows are never changed or removed');
END;

-- guard account_kept on ledger_account
CREATE TRIGGER account_kept BEFORE DELETE ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger_account: rows are never changed or removed');
END;

-- guard organisation_keeps_currency on people_organisation
CREATE TRIGGER organisation_keeps_currency BEFORE UPDATE OF currency ON people_organisation
WHEN NEW.currency <> OLD.currency
    AND EXISTS (SELECT 1 FROM ledger_account WHERE organisation_id = OLD.id) BEGIN
    SELECT RAISE(ABORT, 'the currency of books that have accounts never changes');
END;

-- guard period_starts_open on ledger_period
CREATE TRIGGER period_starts_open BEFORE INSERT ON ledger_period
WHEN NEW.closed OR EXISTS (
    SELECT 1 FROM ledger_period
    WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND month = NEW.month)
) BEGIN
    SELECT RAISE(ABORT, 'a month starts open, once');
END;

-- guard period_only_opens on ledger_period
CREATE TRIGGER period_only_opens BEFORE UPDATE ON ledger_period
WHEN (NEW.id, NEW.organisation_id, NEW.month) <> (OLD.id, OLD.organisation_id, OLD.month) BEGIN
    SELECT RAISE(ABORT, 'a month only opens and closes');
END;

-- guard period_kept on ledger_period
CREATE TRIGGER period_kept BEFORE DELETE ON ledger_period BEGIN
    SELECT RAISE(ABORT, 'ledger_period: rows are never changed or removed');
END;

-- guard counter_starts_at_nothing on ledger_counter
CREATE TRIGGER counter_starts_at_nothing BEFORE INSERT ON ledger_counter
WHEN NEW.value <> 0 OR EXISTS (
    SELECT 1 FROM ledger_counter
    WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND name = NEW.name)
) BEGIN
    SELECT RAISE(ABORT, 'a counter starts at nothing, once');
END;

-- guard counter_rises on ledger_counter
CREATE TRIGGER counter_rises BEFORE UPDATE ON ledger_counter
WHEN NEW.value < OLD.value
    OR (NEW.id, NEW.organisation_id, NEW.name) <> (OLD.id, OLD.organisation_id, OLD.name) BEGIN
    SELECT RAISE(ABORT, 'a counter only rises');
END;

-- guard counter_kept on ledger_counter
CREATE TRIGGER counter_kept BEFORE DELETE ON ledger_counter BEGIN
    SELECT RAISE(ABORT, 'ledger_counter: rows are never changed or removed');
END;

-- guard commitment_whole on ledger_commitment
CREATE TRIGGER commitment_whole BEFORE INSERT ON ledger_commitment
WHEN typeof(NEW.amount) <> 'integer' BEGIN
    SELECT RAISE(ABORT, 'an amount is a whole number of minor units');
END;

-- guard commitment_not_replaced on ledger_commitment
CREATE TRIGGER commitment_not_replaced BEFORE INSERT ON ledger_commitment
WHEN EXISTS (
    SELECT 1 FROM ledger_commitment
    WHERE id = NEW.id
        OR (closed_at IS NULL AND NEW.closed_at IS NULL
            AND (source, project_id, category) = (NEW.source, NEW.project_id, NEW.category))
) BEGIN
    SELECT RAISE(ABORT, 'ledger_commitment: rows are never replaced');
END;

-- guard commitment_closes on ledger_commitment
CREATE TRIGGER commitment_closes BEFORE UPDATE ON ledger_commitment
WHEN OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
    OR (NEW.id, NEW.organisation_id, NEW.project_id, NEW.category, NEW.stage, NEW.amount, NEW.source,
        NEW.opened_at)
    <> (OLD.id, OLD.organisation_id, OLD.project_id, OLD.category, OLD.stage, OLD.amount, OLD.source,
        OLD.opened_at) BEGIN
    SELECT RAISE(ABORT, 'a commitment only closes, once');
END;

-- guard commitment_kept on ledger_commitment
CREATE TRIGGER commitment_kept BEFORE DELETE ON ledger_commitment BEGIN
    SELECT RAISE(ABORT, 'ledger_commitment: rows are never changed or removed');
END;

-- guard budget_starts_proposed on ledger_budget
CREATE TRIGGER budget_starts_proposed BEFORE INSERT ON ledger_budget
WHEN NEW.status <> 'proposed' OR EXISTS (
    SELECT 1 FROM ledger_budget
    WHERE id = NEW.id OR (project_id = NEW.project_id AND version = NEW.version)
) BEGIN
    SELECT RAISE(ABORT, 'a budget starts as a proposal, once');
END;

-- guard budget_moves_on on ledger_budget
CREATE TRIGGER budget_moves_on BEFORE UPDATE ON ledger_budget
WHEN (OLD.status, NEW.status) NOT IN (
        VALUES ('proposed', 'proposed'), ('proposed', 'agreed'), ('agreed', 'replaced')
    )
    OR (NEW.id, NEW.project_id, NEW.version, NEW.proposed_by_id)
    <> (OLD.id, OLD.project_id, OLD.version, OLD.proposed_by_id)
    OR (OLD.status <> 'proposed'
        AND (NEW.agreed_by_id, NEW.agreed_at) IS NOT (OLD.agreed_by_id, OLD.agreed_at)) BEGIN
    SELECT RAISE(ABORT, 'a budget is proposed, then agreed, then replaced');
END;

-- guard budget_kept on ledger_budget
CREATE TRIGGER budget_kept BEFORE DELETE ON ledger_budget BEGIN
    SELECT RAISE(ABORT, 'ledger_budget: rows are never changed or removed');
END;

-- guard budget_line_added on ledger_budgetline
CREATE TRIGGER budget_line_added BEFORE INSERT ON ledger_budgetline
WHEN typeof(NEW.planned) <> 'integer'
    OR (SELECT status FROM ledger_budget WHERE id = NEW.budget_id) IS NOT 'proposed'
    OR EXISTS (
        SELECT 1 FROM ledger_budgetline WHERE id = NEW.id
            AND (SELECT status FROM ledger_budget WHERE id = budget_id) IS NOT 'proposed'
    ) BEGIN
    SELECT RAISE(ABORT, 'an agreed budget is frozen; a plan is a whole number of minor units');
END;

-- guard budget_line_frozen on ledger_budgetline
CREATE TRIGGER budget_line_frozen BEFORE UPDATE ON ledger_budgetline
WHEN typeof(NEW.planned) <> 'integer'
    OR (SELECT status FROM ledger_budget WHERE id = OLD.budget_id) IS NOT 'proposed'
    OR (SELECT status FROM ledger_budget WHERE id = NEW.budget_id) IS NOT 'proposed' BEGIN
    SELECT RAISE(ABORT, 'an agreed budget is frozen; a plan is a whole number of minor units');
END;

-- guard budget_line_kept on ledger_budgetline
CREATE TRIGGER budget_line_kept BEFORE DELETE ON ledger_budgetline
WHEN (SELECT status FROM ledger_budget WHERE id = OLD.budget_id) IS NOT 'proposed' BEGIN
    SELECT RAISE(ABORT, 'an agreed budget is frozen');
END;
