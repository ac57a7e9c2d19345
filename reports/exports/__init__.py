"""Workbook, journal, trail and checks: asked for on a page, made in the background, kept for a day."""
