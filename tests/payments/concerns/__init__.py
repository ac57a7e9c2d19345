"""It did not arrive, too much was paid, somebody died: each path from end to end."""
