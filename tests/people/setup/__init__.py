"""Setting up organisations, people, parts and projects."""
