"""The trail: who did what to which record, sealed so that anyone can check it."""
