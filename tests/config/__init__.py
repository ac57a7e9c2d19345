"""How the ledger is started."""
