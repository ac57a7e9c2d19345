"""What a person sees of the money they received: totals, statements and letters. Nobody else's view."""
