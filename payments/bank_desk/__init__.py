"""The bank desk: accounts and their statements, lines that wait, reconciliations signed by two persons."""
