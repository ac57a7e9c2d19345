"""Outside formats: dataclasses to files; no ORM, no Django."""
