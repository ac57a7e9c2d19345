"""Policies, activities, offers, claims and decisions: one function per step of the work."""
