"""The command that plays the demonstration."""
