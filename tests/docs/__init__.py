"""What the documents say is still true."""
