"""Bank details, payment runs, bank files, remittances, statements and reconciliation."""
