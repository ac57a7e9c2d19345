"""Whose account money goes to: what waits to be checked, who has none, and the check itself."""
