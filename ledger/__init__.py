"""The books: accounts, journal, periods, budgets and commitments."""
