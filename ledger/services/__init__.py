"""The books: post, reverse, budget, commit, close and open. The only writers of the ledger."""
