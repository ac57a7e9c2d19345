"""The learning fund: what is in it, what people ask to have paid from it, and what finance says."""
