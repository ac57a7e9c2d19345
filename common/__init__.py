"""Money, workflow, errors, dates, encryption: pure Python that every other room may use."""
