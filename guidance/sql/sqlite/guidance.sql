-- Texts and figures are kept for ever as they were written: only their check, once, and the day of the next review
-- are filled in. What was shown to somebody stays as it is. The "not_replaced" guards are for connections without
-- recursive_triggers, where INSERT OR REPLACE removes rows behind the back of delete triggers.

-- guard guidance_text_stays on guidance_text
CREATE TRIGGER guidance_text_stays BEFORE UPDATE ON guidance_text
WHEN (
    NEW.id, NEW.organisation_id, NEW.topic, NEW.version, NEW.title, NEW.body, NEW.sources,
    NEW.written_by_id, NEW.written_at
) IS NOT (
    OLD.id, OLD.organisation_id, OLD.topic, OLD.version, OLD.title, OLD.body, OLD.sources,
    OLD.written_by_id, OLD.written_at
) BEGIN
    SELECT RAISE(ABORT, 'guidance_text: what was written stays as it is');
END;

-- guard guidance_text_checked_once on guidance_text
CREATE TRIGGER guidance_text_checked_once BEFORE UPDATE ON guidance_text
WHEN OLD.checked_at IS NOT NULL
    AND (NEW.checked_at, NEW.checked_by_id) IS NOT (OLD.checked_at, OLD.checked_by_id) BEGIN
    SELECT RAISE(ABORT, 'guidance_text: a version is checked once');
END;

-- guard guidance_text_kept on guidance_text
CREATE TRIGGER guidance_text_kept BEFORE DELETE ON guidance_text BEGIN
    SELECT RAISE(ABORT, 'guidance_text: rows are never removed');
END;

-- guard guidance_text_not_replaced on guidance_text
CREATE TRIGGER guidance_text_not_replaced BEFORE INSERT ON guidance_text
WHEN EXISTS (
    SELECT 1 FROM guidance_text
    WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND topic = NEW.topic AND version = NEW.version)
) BEGIN
    SELECT RAISE(ABORT, 'guidance_text: rows are never replaced');
END;

-- guard guidance_figure_stays on guidance_figure
CREATE TRIGGER guidance_figure_stays BEFORE UPDATE ON guidance_figure
WHEN (
    NEW.id, NEW.organisation_id, NEW.name, NEW.starts_on, NEW.ends_on, NEW.version, NEW.amount,
    NEW.unit, NEW.source, NEW.url, NEW.read_on, NEW.is_doubtful, NEW.entered_by_id,
    NEW.entered_at
) IS NOT (
    OLD.id, OLD.organisation_id, OLD.name, OLD.starts_on, OLD.ends_on, OLD.version, OLD.amount,
    OLD.unit, OLD.source, OLD.url, OLD.read_on, OLD.is_doubtful, OLD.entered_by_id,
    OLD.entered_at
) BEGIN
    SELECT RAISE(ABORT, 'guidance_figure: what was written stays as it is');
END;

-- guard guidance_figure_checked_once on guidance_figure
CREATE TRIGGER guidance_figure_checked_once BEFORE UPDATE ON guidance_figure
WHEN OLD.checked_at IS NOT NULL
    AND (NEW.checked_at, NEW.checked_by_id) IS NOT (OLD.checked_at, OLD.checked_by_id) BEGIN
    SELECT RAISE(ABORT, 'guidance_figure: a version is checked once');
END;

-- guard guidance_figure_kept on guidance_figure
CREATE TRIGGER guidance_figure_kept BEFORE DELETE ON guidance_figure BEGIN
    SELECT RAISE(ABORT, 'guidance_figure: rows are never removed');
END;

-- guard guidance_figure_not_replaced on guidance_figure
CREATE TRIGGER guidance_figure_not_replaced BEFORE INSERT ON guidance_figure
WHEN EXISTS (
    SELECT 1 FROM guidance_figure
    WHERE id = NEW.id OR (organisation_id = NEW.organisation_id AND name = NEW.name AND starts_on = NEW.starts_on AND version = NEW.version)
) BEGIN
    SELECT RAISE(ABORT, 'guidance_figure: rows are never replaced');
END;

-- guard guidance_shown_unchanged on guidance_shown
CREATE TRIGGER guidance_shown_unchanged BEFORE UPDATE ON guidance_shown BEGIN
    SELECT RAISE(ABORT, 'guidance_shown: what was shown stays as it is');
END;

-- guard guidance_shown_kept on guidance_shown
CREATE TRIGGER guidance_shown_kept BEFORE DELETE ON guidance_shown BEGIN
    SELECT RAISE(ABORT, 'guidance_shown: rows are never removed');
END;

-- guard guidance_shown_not_replaced on guidance_shown
CREATE TRIGGER guidance_shown_not_replaced BEFORE INSERT ON guidance_shown
WHEN EXISTS (SELECT 1 FROM guidance_shown WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'guidance_shown: rows are never replaced');
END;
