"""Outside formats: bytes to dataclasses and back; no ORM, no Django."""
