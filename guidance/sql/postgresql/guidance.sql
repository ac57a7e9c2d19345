-- Texts and figures are kept for ever as they were written: only their check, once, and the day of the next review
-- are filled in. What was shown to somebody stays as it is. refuse_change() is the trail's. Triggers are written as
-- pg_get_triggerdef prints them, so that start-up can compare them word for word.

-- function guidance_text_stays
CREATE OR REPLACE FUNCTION guidance_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{checked_by_id,checked_at,review_on}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{checked_by_id,checked_at,review_on}'::text[] THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'guidance_text: what was written stays as it is';
    END IF;
    IF OLD.checked_at IS NOT NULL AND (NEW.checked_at, NEW.checked_by_id)
        IS DISTINCT FROM (OLD.checked_at, OLD.checked_by_id)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'guidance_text: a version is checked once';
    END IF;
    RETURN NEW;
END $$;

-- guard guidance_text_stays on guidance_text
CREATE TRIGGER guidance_text_stays BEFORE UPDATE ON guidance_text
    FOR EACH ROW EXECUTE FUNCTION guidance_text_stays();

-- guard guidance_text_kept on guidance_text
CREATE TRIGGER guidance_text_kept BEFORE DELETE OR TRUNCATE ON guidance_text
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- function guidance_figure_stays
CREATE OR REPLACE FUNCTION guidance_figure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{checked_by_id,checked_at}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{checked_by_id,checked_at}'::text[] THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'guidance_figure: what was written stays as it is';
    END IF;
    IF OLD.checked_at IS NOT NULL AND (NEW.checked_at, NEW.checked_by_id)
        IS DISTINCT FROM (OLD.checked_at, OLD.checked_by_id)
    THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'guidance_figure: a version is checked once';
    END IF;
    RETURN NEW;
END $$;

-- guard guidance_figure_stays on guidance_figure
CREATE TRIGGER guidance_figure_stays BEFORE UPDATE ON guidance_figure
    FOR EACH ROW EXECUTE FUNCTION guidance_figure_stays();

-- guard guidance_figure_kept on guidance_figure
CREATE TRIGGER guidance_figure_kept BEFORE DELETE OR TRUNCATE ON guidance_figure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- guard guidance_shown_stays on guidance_shown
CREATE TRIGGER guidance_shown_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON guidance_shown
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
