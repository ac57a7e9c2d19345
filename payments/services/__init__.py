"""Bank details, runs, statements and reconciliation: the only code that changes a payment's status."""
