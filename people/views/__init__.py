"""Screens of administrators: organisations, people, parts and projects."""
