"""Screens for what people worry about: money that did not arrive, was too much, or is owed to an estate."""
