-- A closed month is opened again by two persons, each closing once. "reopening_asked" also refuses INSERT OR
-- REPLACE on connections without recursive_triggers.

-- guard period_starts_uncounted on ledger_period
CREATE TRIGGER period_starts_uncounted BEFORE INSERT ON ledger_period
WHEN NEW.times_closed <> 0 BEGIN
    SELECT RAISE(ABORT, 'a month was never closed before it is there');
END;

-- guard period_counts_closings on ledger_period
CREATE TRIGGER period_counts_closings BEFORE UPDATE ON ledger_period
WHEN NEW.times_closed <> OLD.times_closed + (NEW.closed AND NOT OLD.closed) BEGIN
    SELECT RAISE(ABORT, 'a month counts every time it is closed');
END;

-- guard period_closed_by_stays on ledger_period
CREATE TRIGGER period_closed_by_stays BEFORE UPDATE ON ledger_period
WHEN OLD.closed AND NEW.closed
    AND (NEW.closed_by_id, NEW.closed_at) IS NOT (OLD.closed_by_id, OLD.closed_at) BEGIN
    SELECT RAISE(ABORT, 'who closed a month, and when, stays');
END;

-- guard period_opens_by_two on ledger_period
CREATE TRIGGER period_opens_by_two BEFORE UPDATE ON ledger_period
WHEN OLD.closed AND NOT NEW.closed AND NOT EXISTS (
    SELECT 1 FROM ledger_reopening
    WHERE period_id = OLD.id AND closing = OLD.times_closed AND confirmed_by_id IS NOT NULL
) BEGIN
    SELECT RAISE(ABORT, 'a closed month is opened again by two persons');
END;

-- guard reopening_asked on ledger_reopening
CREATE TRIGGER reopening_asked BEFORE INSERT ON ledger_reopening
WHEN NEW.confirmed_by_id IS NOT NULL OR NEW.withdrawn_by_id IS NOT NULL
    OR EXISTS (
        SELECT 1 FROM ledger_reopening
        WHERE id = NEW.id OR (period_id = NEW.period_id AND confirmed_at IS NULL AND withdrawn_at IS NULL)
    )
    OR NOT EXISTS (
        SELECT 1 FROM ledger_period WHERE id = NEW.period_id AND closed AND times_closed = NEW.closing
    ) BEGIN
    SELECT RAISE(ABORT, 'a reopening is asked for while a month is closed, once');
END;

-- guard reopening_answered_once on ledger_reopening
CREATE TRIGGER reopening_answered_once BEFORE UPDATE ON ledger_reopening
WHEN OLD.confirmed_by_id IS NOT NULL OR OLD.withdrawn_by_id IS NOT NULL
    OR (NEW.id, NEW.period_id, NEW.closing, NEW.reason, NEW.asked_by_id, NEW.asked_at)
        IS NOT (OLD.id, OLD.period_id, OLD.closing, OLD.reason, OLD.asked_by_id, OLD.asked_at) BEGIN
    SELECT RAISE(ABORT, 'a reopening is answered once, as it was asked');
END;

-- guard reopening_kept on ledger_reopening
CREATE TRIGGER reopening_kept BEFORE DELETE ON ledger_reopening BEGIN
    SELECT RAISE(ABORT, 'ledger_reopening: rows are never changed or removed');
END;
