"""Commands that answer questions across the apps."""
