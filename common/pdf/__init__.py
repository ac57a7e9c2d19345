"""Printed pages: measured and broken by hand on a reportlab canvas, tagged for screen readers by pikepdf.

Text is drawn as it stands, never read as markup, so that nothing a person typed can change a page.
"""
