"""Activities and offers, rate policies, claims and decisions."""
