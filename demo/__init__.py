"""The fictional partnership: plays two months through the real services."""
