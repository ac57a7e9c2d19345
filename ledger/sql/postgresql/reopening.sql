-- A closed month is opened again by two persons, each closing once. Triggers are written as pg_get_triggerdef
-- prints them, so that start-up can compare them word for word.

-- function month_opens_again_by_two
CREATE OR REPLACE FUNCTION month_opens_again_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.times_closed <> 0 THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a month was never closed before it is there';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.times_closed <> OLD.times_closed + (NEW.closed AND NOT OLD.closed)::integer THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a month counts every time it is closed';
    END IF;
    IF OLD.closed AND NEW.closed
        AND (NEW.closed_by_id, NEW.closed_at) IS DISTINCT FROM (OLD.closed_by_id, OLD.closed_at)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'who closed a month, and when, stays';
    END IF;
    IF OLD.closed AND NOT NEW.closed AND NOT EXISTS (
        SELECT 1 FROM ledger_reopening
        WHERE period_id = OLD.id AND closing = OLD.times_closed AND confirmed_by_id IS NOT NULL
    ) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a closed month is opened again by two persons';
    END IF;
    RETURN NEW;
END $$;

-- guard period_opens_by_two on ledger_period
CREATE TRIGGER period_opens_by_two BEFORE INSERT OR UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION month_opens_again_by_two();

-- function reopening_is_answered_once
-- The month's row is locked, so that it cannot be opened or closed while it is asked about.
CREATE OR REPLACE FUNCTION reopening_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM ledger_period
        WHERE id = NEW.period_id AND closed AND times_closed = NEW.closing FOR SHARE;
        IF NOT FOUND OR NEW.confirmed_by_id IS NOT NULL OR NEW.withdrawn_by_id IS NOT NULL THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a reopening is asked for while a month is closed';
        END IF;
    ELSIF OLD.confirmed_by_id IS NOT NULL OR OLD.withdrawn_by_id IS NOT NULL
        OR (NEW.id, NEW.period_id, NEW.closing, NEW.reason, NEW.asked_by_id, NEW.asked_at)
            <> (OLD.id, OLD.period_id, OLD.closing, OLD.reason, OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a reopening is answered once, as it was asked';
    END IF;
    RETURN NEW;
END $$;

-- guard reopening_answered_once on ledger_reopening
CREATE TRIGGER reopening_answered_once BEFORE INSERT OR UPDATE ON ledger_reopening
    FOR EACH ROW EXECUTE FUNCTION reopening_is_answered_once();

-- guard reopening_stays on ledger_reopening
CREATE TRIGGER reopening_stays BEFORE DELETE OR TRUNCATE ON ledger_reopening
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
