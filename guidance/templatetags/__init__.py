"""What templates of guidance read."""
