"""Outside formats of people's messages: pure functions, dataclasses in, bytes out."""
