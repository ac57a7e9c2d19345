-- Explanations of what a month leaves open are append-only.

-- guard month_note_stays on payments_monthnote
CREATE TRIGGER month_note_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON payments_monthnote
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
