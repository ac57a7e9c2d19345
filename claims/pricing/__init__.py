"""What a policy pays for a claim line: pure Python, no Django, no database."""
