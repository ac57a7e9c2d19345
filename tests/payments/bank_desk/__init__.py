"""The bank desk."""
